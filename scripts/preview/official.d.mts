export const runsHere: boolean
export function compileOfficially(dist: string): Promise<string[]>
