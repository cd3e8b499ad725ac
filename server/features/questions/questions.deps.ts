import type { Db, Within } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Audit } from '../audit/audit.ts'
import type { Customers } from '../customers/customers.ts'
import type { Ownership } from '../ownership/ownership.ts'
import type { Reviews } from '../reviews/reviews.ts'

export type QuestionsDeps = {
  db: Db
  customers: Pick<
    Customers,
    | 'askWhose'
    | 'closeReview'
    | 'considerContact'
    | 'considerNumbers'
    | 'giveNamed'
    | 'handOver'
    | 'keepNumber'
    | 'lockNumbers'
    | 'lockPeople'
  >
  ownership: Pick<
    Ownership,
    'findOwner' | 'holdBack' | 'isInQuestion' | 'pageOfNumber' | 'pageOfProject' | 'settle'
  >
  reviews: Pick<
    Reviews,
    | 'lock'
    | 'writeAnswer'
    | 'clearAnswer'
    | 'close'
    | 'pageOverdue'
    | 'pageUnescalated'
    | 'escalate'
  >
  audit: Pick<Audit, 'record'>
  jobs: Pick<Jobs, 'add'>
  timeZone: string
  clock: () => Date
  log: Log
}

export type Tx = Within<QuestionsDeps>

/** Who acts: an admin's key and the member named with it, or a member. */
export type By = { name: string; detail?: string; requestId: string }
