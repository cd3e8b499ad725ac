/** The numbers of product.md, section 2, "Short codes". */
export const CODE = {
  lifeMs: 5 * 60_000,
  toleranceMs: 5_000,
  liveAtMost: 2,
  notReissuedForMs: 24 * 3_600_000,
  messageTooOldMs: 15 * 60_000,
} as const
