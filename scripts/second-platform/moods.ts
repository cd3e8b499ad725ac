import { setTimeout as sleep } from 'node:timers/promises'

export type Temper = {
  seed: number
  /** Share of calls that are refused for a reason that passes: busy, limit, token. */
  refusing: number
  /** The longest that an answer or a callback waits. */
  slowMs: number
  /** What facts 11 tells of some installations: other envelopes, cards that need `.html`, spellings of ids. */
  rare: boolean
}

/** Chance of one seed. What calls arrive at once draw in the order of their arrival, so a seed repeats a run roughly. */
export function createMoods(temper: Temper) {
  let state = temper.seed | 0
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    const mixed = Math.imul(state ^ (state >>> 16), 0x45d9f3b)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const chance = (share: number): boolean => draw() < share
  const below = (count: number): number => Math.floor(draw() * count)
  const pick = <T>(...of: [T, ...T[]]): T => of[below(of.length)] ?? of[0]

  return {
    temper,
    chance,
    below,
    pick,
    letters: (length: number) =>
      Array.from({ length }, () => LETTERS[below(LETTERS.length)]).join(''),
    shuffled: <T>(list: readonly T[]): T[] =>
      list
        .map((one) => ({ one, place: draw() }))
        .sort((a, b) => a.place - b.place)
        .map(({ one }) => one),
    dawdle: () => sleep(chance(0.3) ? below(temper.slowMs) : 0),
    ornament,
  }

  /** The same answer with fields that nobody has documented, in another order. */
  function ornament(answer: object): object {
    const strange = pick<object>(
      {},
      { trace: null },
      { ext: { ver: '3', tags: [] } },
      { server_time: '1700000000', '': 0 },
    )
    const entries = Object.entries({ ...answer, ...strange })
    return Object.fromEntries(chance(0.5) ? entries.reverse() : entries)
  }
}
export type Moods = ReturnType<typeof createMoods>

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** An optional field that says nothing: left out, null, or empty. */
export function nothing(moods: Moods, name: string, empty: unknown): object {
  return moods.pick<object>({}, { [name]: null }, { [name]: empty })
}
