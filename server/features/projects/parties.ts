import type { Db } from '../../lib/db.ts'
import * as store from './projects.store.ts'

/** Who belongs to a project; apart from the rest of the room, because the room that merges people needs it. */
export function createParties() {
  return {
    /** Projects loaded for a phone after `since` go from its former owner to the new one; `since` null: all of them. */
    handOver: (db: Db, row: { from: number; to: number; phoneHmac: Buffer; since: Date | null }) => store.moveParties(db, row),
  }
}
export type Parties = ReturnType<typeof createParties>
