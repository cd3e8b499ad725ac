import { createHash } from 'node:crypto'

type Drawable = { id: string; place: string }

/**
 * Draws `count` of all, the same for the same seed: each has its own lot, drawn from its name, so that an edit elsewhere
 * changes no other's. Each place first gets `least`; `accepts` is asked only about those whose turn it is.
 */
export function drawSample<T extends Drawable>(
  all: readonly T[],
  {
    seed,
    count,
    least,
    accepts,
  }: { seed: number; count: number; least: number; accepts: (one: T) => boolean },
): T[] {
  const lotOf = (one: T): string => createHash('sha256').update(`${seed}:${one.id}`).digest('hex')
  const lots = all
    .map((one) => ({ one, lot: lotOf(one) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ one }) => one)
  const drawn = new Set<T>()
  const refused = new Set<T>()
  const draw = (from: readonly T[], most: number): void => {
    let left = most
    for (const one of from) {
      if (left <= 0) return
      if (drawn.has(one) || refused.has(one)) continue
      if (!accepts(one)) refused.add(one)
      else {
        drawn.add(one)
        left--
      }
    }
  }
  for (const place of new Set(all.map((one) => one.place)))
    draw(
      lots.filter((one) => one.place === place),
      least,
    )
  draw(lots, count - drawn.size)
  return [...drawn].sort((a, b) => (a.id < b.id ? -1 : 1))
}
