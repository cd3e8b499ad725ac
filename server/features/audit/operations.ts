import type { Db } from '../../lib/db.ts'
import { pageOperations, type Filter, type StoredOperation } from './operations.store.ts'

/** Reads the operation log for people. */
export const createOperations = ({ db }: { db: Db }) => ({
  /** A page, the newest first; `next` is the mark of the one behind it. */
  list: async (filter: Filter): Promise<{ items: StoredOperation[]; next?: number }> => {
    const found = await pageOperations(db, { ...filter, limit: filter.limit + 1 })
    const items = found.slice(0, filter.limit)
    return { items, ...(found.length > items.length && { next: items.at(-1)!.id }) }
  },
})
export type Operations = ReturnType<typeof createOperations>
export type { StoredOperation } from './operations.store.ts'
