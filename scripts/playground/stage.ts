import { look, Refused, type Look, type Person } from './api.ts'

/** What the page knows and whom it follows; kept over a reload. */
type Kept = { person: string; member: string; since: number; guests: string[] }
export type Stage = ReturnType<typeof createStage>

const KEY = 'playground'
const POLL_MS = 1000

export function createStage() {
  const { kept, keep } = createKept()
  const listeners: (() => void)[] = []
  let view: Look | undefined
  let notice = ''
  const tellAll = (): void => listeners.forEach((listener) => listener())
  const refresh = async (): Promise<void> => {
    try {
      view = await look(kept)
      notice = ''
    } catch (error) {
      notice = error instanceof Refused ? error.message : '服务器没有回应，正在重试…'
    }
    if (view && !view.people.some((person) => person.personId === kept.person))
      keep({ person: view.people[0]?.personId ?? '' })
    tellAll()
  }
  return {
    kept,
    get view() {
      return view
    },
    get notice() {
      return notice
    },
    person: (): Person | undefined =>
      view?.people.find((person) => person.personId === kept.person),
    onChange: (listener: () => void): void => void listeners.push(listener),
    refresh,
    /** Turns to another person or member, or starts the timeline anew. */
    turn: async (change: Partial<Kept>): Promise<void> => {
      keep(change)
      await refresh()
    },
    /** Does something and shows what came of it; a refusal is shown in its own words. */
    act: async (action: () => Promise<unknown>): Promise<void> => {
      const refusal = await findRefusal(action)
      await refresh()
      if (refusal === '') return
      notice = refusal
      tellAll()
    },
    start: (): void => {
      void refresh()
      setInterval(() => {
        if (!document.hidden) void refresh()
      }, POLL_MS)
    },
  }
}

function createKept() {
  const kept: Kept = {
    person: '',
    member: 'zhangsan',
    since: 0,
    guests: [],
    ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>),
  }
  const keep = (change: Partial<Kept>): void => {
    Object.assign(kept, change)
    localStorage.setItem(KEY, JSON.stringify(kept))
  }
  return { kept, keep }
}

const findRefusal = (action: () => Promise<unknown>): Promise<string> =>
  action().then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

/** Looks again and again until `find` answers something, for at most 20 seconds. */
export async function until<T>(
  find: () => Promise<T | undefined | false>,
  seconds = 20,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(250)) {
    const found = await find()
    if (found !== undefined && found !== false) return found
  }
  throw new Error(`等了 ${String(seconds)} 秒没有结果`)
}
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** A moment for whoever watches; with `?hurry` nobody does. */
export const timeToRead = (ms: number): Promise<void> =>
  pause(new URLSearchParams(location.search).has('hurry') ? 0 : ms)
