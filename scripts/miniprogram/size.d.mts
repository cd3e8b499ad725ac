/** Bytes by the root of a package; '' is the main one. */
export function findTooLarge(sizes: Map<string, number>): string[]
