import type { Db, Within } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Publish } from '../facts.ts'
import type { Ownership } from '../ownership/ownership.ts'
import type { Reviews } from '../reviews/reviews.ts'
import type { Ties } from '../ties/ties.ts'

export type CustomersDeps = {
  /** For what is decided outside anybody's transaction. */
  db: Db
  clock: () => Date
  facts: Publish
  sessions: Pick<Sessions, 'endOf'>
  evidence: Evidence
  ties: Ties
  ownership: Ownership
  reviews: Reviews
  settings: { read: (db: Db) => Promise<{ goLiveAt: string | null }> }
  log: Log
}
export type Tx = Within<CustomersDeps>
