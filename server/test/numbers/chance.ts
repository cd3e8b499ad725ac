/** Chance that can be repeated: the same seed gives the same numbers. */
export function createChance(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number): number => Math.floor(next() * count)
  return {
    below,
    /** True with this probability. */
    of: (probability: number): boolean => next() < probability,
    pick: <T>(from: readonly T[]): T => from[below(from.length)]!,
    shuffle: <T>(from: readonly T[]): T[] =>
      from
        .map((value) => ({ value, at: next() }))
        .toSorted((one, other) => one.at - other.at)
        .map(({ value }) => value),
  }
}
export type Chance = ReturnType<typeof createChance>
