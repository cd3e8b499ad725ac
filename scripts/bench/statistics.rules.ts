/** Several repetitions of one measure, in its own unit. */
export type Spread = { median: number; least: number; most: number; times: number }

/** The value below or at which the share `share` (0 to 1) of `values` lies, by nearest rank; NaN without values. */
export function findPercentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** Median of an even number: the mean of the two in the middle. */
export function toMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  if (!Number.isInteger(middle)) return sorted[Math.floor(middle)] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

export const toSpread = (values: readonly number[]): Spread => ({
  median: toMedian(values),
  least: Math.min(...values),
  most: Math.max(...values),
  times: values.length,
})

/** Ratio of each repetition to the baseline of the same repetition: what disturbs the machine disturbs both. */
export const toRatios = (values: readonly number[], baselines: readonly number[]): number[] =>
  values.flatMap((value, index) => {
    const baseline = baselines[index]
    return baseline === undefined || baseline === 0 ? [] : [value / baseline]
  })
