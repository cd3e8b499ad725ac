import type { Db, Within } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Secrets } from '../../lib/secrets.ts'
import type { Audit } from '../audit/audit.ts'
import type { Contacts } from '../contacts/contacts.ts'
import type { Customers } from '../customers/customers.ts'
import type { Ownership } from '../ownership/ownership.ts'
import type { Reviews } from '../reviews/reviews.ts'

export type QuestionsDeps = {
  db: Db
  contacts: Pick<Contacts, 'refresh' | 'noteConfirmedPhone'>
  customers: Pick<
    Customers,
    | 'askWhose'
    | 'closeReview'
    | 'confirmPhone'
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
    | 'findOwner'
    | 'holdBack'
    | 'isInQuestion'
    | 'isOfErased'
    | 'pageOfNumber'
    | 'pageOfProject'
    | 'settle'
  >
  reviews: Pick<
    Reviews,
    | 'findOpen'
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
  secrets: Pick<Secrets, 'hmac'>
  timeZone: string
  clock: () => Date
  log: Log
}

export type Tx = Within<QuestionsDeps>

/** Who acts: an admin's key and the member named with it, or a member. */
export type By = { name: string; detail?: string; requestId: string }
