import type { Db } from '../../lib/db.ts'
import { toPage } from '../../lib/pages.ts'
import { pageOperations, type Filter, type StoredOperation } from './operations.store.ts'

type Page = { items: readonly StoredOperation[]; next: number | undefined }

/** Reads the operation log for people. */
export const createOperations = ({ db }: { db: Db }) => ({
  /** A page, the newest first; `next` is the mark of the one behind it. */
  list: async (filter: Filter): Promise<Page> => {
    const found = await pageOperations(db, { ...filter, limit: filter.limit + 1 })
    return toPage(found, filter.limit)
  },
})
export type Operations = ReturnType<typeof createOperations>
export type { StoredOperation } from './operations.store.ts'
