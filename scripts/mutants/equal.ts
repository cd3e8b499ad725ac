/** Mutants that no test can tell from the original, by name, with the reason. Others are drawn in their stead. */
export const EQUAL: readonly { id: string; reason: string }[] = []
