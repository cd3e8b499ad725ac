import type { Db, Within } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Advisors } from '../advisors/advisors.ts'
import type { Audit } from '../audit/audit.ts'
import type { Bookings } from '../bookings/bookings.ts'
import type { Publish } from '../facts.ts'
import type { PhoneClaims } from '../phone-claims/phone-claims.ts'

export type LeadsDeps = {
  db: Db
  advisors: Pick<Advisors, 'find' | 'findOf'>
  bookings: Pick<Bookings, 'look' | 'book' | 'listOfCustomer' | 'findOfAction'>
  claims: Pick<PhoneClaims, 'claim'>
  audit: Pick<Audit, 'record'>
  facts: Publish
  jobs: Pick<Jobs, 'add'>
  clock: () => Date
  timeZone: string
}
export type Tx = Within<LeadsDeps>

/** Who acts for the advisor: himself, or a member of the company. */
export type Operator = { name: string; requestId: string }
