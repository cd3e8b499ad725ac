import type { Db } from '../../lib/db.ts'

export type OwnershipSettings = {
  statusWords: { running: readonly string[]; finished: readonly string[] }
  freshDays: number
  orderNoDatePattern: string | null
}

export type OwnershipDeps = {
  settings: {
    read: (db: Db) => Promise<OwnershipSettings>
    /** The day that an order number names, by the company's pattern; null: none. */
    dateByOrderNo: (settings: Pick<OwnershipSettings, 'orderNoDatePattern'>, orderNo: string) => Date | null
  }
}
