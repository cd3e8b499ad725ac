/** Counts in memory by key, in windows of a fixed length; each key's first count opens its window. */
export function createWindow({
  most,
  seconds,
  clock,
}: {
  most: number
  seconds: number
  clock: () => Date
}) {
  const lengthMs = seconds * 1_000
  let counts = new Map<string, { used: number; endsAt: number }>()
  let sweptAt = 0
  const sweep = (now: number): void => {
    if (now < sweptAt + lengthMs) return
    counts = new Map([...counts].filter(([, { endsAt }]) => endsAt > now))
    sweptAt = now
  }
  const find = (key: string, now: number) => {
    const count = counts.get(key)
    return count && count.endsAt > now && count.endsAt <= now + lengthMs ? count : undefined
  }
  return {
    /** Uses one up; answers 0, or the seconds to wait when all are used up. */
    take: (key: string): number => {
      const now = clock().getTime()
      sweep(now)
      const count = find(key, now) ?? { used: 0, endsAt: now + lengthMs }
      if (count.used >= most) return Math.max(1, Math.ceil((count.endsAt - now) / 1_000))
      counts.set(key, { ...count, used: count.used + 1 })
      return 0
    },
    giveBack: (key: string): void => {
      const count = find(key, clock().getTime())
      if (count && count.used > 0) counts.set(key, { ...count, used: count.used - 1 })
    },
  }
}
