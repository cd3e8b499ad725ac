import type { Db, Within } from '../../lib/db.ts'
import type { createFacts } from '../../lib/facts.ts'
import type { Log } from '../../lib/log.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { CustomerRecords } from '../customers/records.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Fact } from '../facts.ts'
import type { Reviews } from '../reviews/reviews.ts'

export type TiesDeps = {
  /** For what is decided outside anybody's transaction. */
  db: Db
  clock: () => Date
  facts: ReturnType<typeof createFacts<Fact>>
  sessions: Pick<Sessions, 'endOf'>
  evidence: Pick<
    Evidence,
    | 'record'
    | 'revokeTickets'
    | 'findProver'
    | 'findSharedPhone'
    | 'isTiedByClaim'
    | 'isTiedManually'
  >
  records: CustomerRecords
  reviews: Pick<Reviews, 'ask' | 'closeAboutCustomer'>
  /** BINDING_TRUST_PHONE_CLAIM (D1). */
  trustPhoneClaim: boolean
  log: Log
}
export type Tx = Within<TiesDeps>
