import type { Db, Within } from '../../lib/db.ts'

/** Of the company's settings, what the tables go by. */
export type OwnershipSettings = {
  /** How long the number of somebody just added cannot be anybody else's (table A, row 9). */
  freshDays: number
}

export type OwnershipDeps = {
  settings: { read: (db: Db) => Promise<OwnershipSettings> }
}
export type Tx = Within<OwnershipDeps>
