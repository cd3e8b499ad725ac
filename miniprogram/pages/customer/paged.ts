import { createLatest } from '../../lib/latest.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import { toast } from '../../lib/ui.ts'
import type { PageOf } from './services.ts'

/** A list as far as it was loaded; `items` null: it has not come yet. */
export type Listed<Item> = {
  items: Item[] | null
  cursor: string
  problem: Problem | null
  busy: boolean
}
export const NOT_LISTED: Listed<never> = { items: null, cursor: '', problem: null, busy: false }

type Deps<Item> = {
  fetch: (cursor?: string) => Promise<PageOf<Item>>
  keyOf: (item: Item) => string
  show: (listed: Listed<Item>) => void
}

/** A list that is loaded from its top, and further at its end; what was shown stays when that fails. */
export function createPaged<Item>({ fetch, keyOf, show }: Deps<Item>) {
  let listed: Listed<Item> = NOT_LISTED
  const latest = createLatest()
  const turn = (news: Partial<Listed<Item>>): void => {
    listed = { ...listed, ...news }
    show(listed)
  }

  async function load(cursor: string): Promise<void> {
    const isNewest = latest.begin()
    turn({ busy: true })
    try {
      const page = await fetch(cursor === '' ? undefined : cursor)
      if (!isNewest()) return
      const before = cursor === '' ? [] : (listed.items ?? [])
      const keys = new Set(page.items.map(keyOf))
      turn({
        items: [...before.filter((item) => !keys.has(keyOf(item))), ...page.items],
        cursor: page.nextCursor ?? '',
        problem: null,
        busy: false,
      })
    } catch (error) {
      if (!isNewest()) return
      turn({ busy: false, ...(listed.items === null && { problem: toProblem(error) }) })
      if (listed.items !== null) toast(toMessage(error))
    }
  }

  return {
    refresh: (): Promise<void> => load(''),
    more: async (): Promise<void> => {
      if (!listed.busy && listed.cursor !== '') await load(listed.cursor)
    },
    leave: (): void => latest.drop(),
  }
}
export type Paged = Pick<ReturnType<typeof createPaged>, 'refresh' | 'more' | 'leave'>
