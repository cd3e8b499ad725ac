import { RefusedError, word, type Body } from './desk.ts'
import type { Moods } from './moods.ts'

const PAGE = 3
const RING_LIVES_MS = 600_000
/** Facts 2.2: strictly limited without the token of a ring. */
const WITHOUT_RING_EVERY_MS = 3_000

type Item = { msgid: string; whose: string } & Record<string, unknown>

/** What `sync_msg` tells of one kf account: three at a time, at times nothing with more behind it, at times one twice. */
export function createPages(moods: Moods) {
  const items: Item[] = []
  const places = new Map<string, number>()
  const rings = createRings(moods)
  let stalls = 0
  return {
    add,
    createRing: rings.create,
    read,
    stall: (times: number) => {
      stalls = times
    },
  }

  function add(whose: string, item: Record<string, unknown>): void {
    items.push({ ...stamp(), whose, ...item })
    if (moods.chance(0.3)) items.push({ ...stamp(), whose: '', ...createStrange(moods) })
  }

  function stamp() {
    return {
      msgid: `${moods.letters(20)}_${String(items.length)}`,
      send_time: Math.floor(Date.now() / 1000),
    }
  }

  function read(body: Body): object {
    rings.check(word(body, 'token'))
    const cursor = word(body, 'cursor')
    const start = cursor === '' ? 0 : places.get(cursor)
    if (start === undefined) throw new RefusedError(40058)
    if (stalls > 0 || moods.chance(0.1)) return standStill(cursor)
    if (moods.chance(0.1)) return { msg_list: [], has_more: 1, next_cursor: mark(start) }
    const end = Math.min(start + PAGE, items.length)
    const again = start > 0 && moods.chance(0.2) ? 1 : 0
    const told = interleave(moods, items.slice(start - again, end)).map(
      ({ whose: _, ...item }) => item,
    )
    const hasMore = end < items.length || moods.chance(0.2) ? 1 : 0
    return { msg_list: told, has_more: hasMore, next_cursor: mark(end) }
  }

  /** The reader stays where he was, and there is more. */
  function standStill(cursor: string): object {
    stalls = Math.max(0, stalls - 1)
    return {
      msg_list: [],
      has_more: 1,
      ...(cursor !== '' && moods.chance(0.5) && { next_cursor: cursor }),
    }
  }

  /** Another name for the same place each time: a cursor is opaque, up to 64 bytes. */
  function mark(place: number): string {
    const cursor = moods.pick(moods.letters(20), `${moods.letters(30)}+/${moods.letters(30)}==`)
    places.set(cursor, place)
    return cursor
  }
}
export type Pages = ReturnType<typeof createPages>

/** The tokens that callbacks bring: who asks with one is not held up. */
function createRings(moods: Moods) {
  const rings = new Map<string, number>()
  let lastWithoutRing = 0
  return { create, check }

  function create(): string {
    const token = `ENC${moods.letters(44)}`
    rings.set(token, Date.now() + RING_LIVES_MS)
    return token
  }

  function check(token: string): void {
    if (token !== '' && (rings.get(token) ?? 0) < Date.now()) throw new RefusedError(95007)
    if (token !== '') return
    if (Date.now() - lastWithoutRing < WITHOUT_RING_EVERY_MS) throw new RefusedError(45009)
    lastWithoutRing = Date.now()
  }
}

/** What is one customer's stays in its order; between customers there is none. */
function interleave(moods: Moods, page: readonly Item[]): Item[] {
  const lanes = new Map<string, Item[]>()
  for (const item of page) lanes.set(item.whose, [...(lanes.get(item.whose) ?? []), item])
  return moods.shuffled([...lanes.values()]).flat()
}

/** Facts 2.2: kinds that concern nobody here, and kinds of tomorrow. */
function createStrange(moods: Moods): Record<string, unknown> {
  const away = {
    event_type: 'servicer_status_change',
    servicer_userid: 'x',
    status: 2,
    open_kfid: 'wk',
  }
  return moods.pick<Record<string, unknown>>(
    { origin: 4, msgtype: 'event', event: away },
    { origin: 4, msgtype: 'event', event: { event_type: 'weather_change', degrees: '21' } },
    { origin: 4, msgtype: 'tide', tide: null },
  )
}
