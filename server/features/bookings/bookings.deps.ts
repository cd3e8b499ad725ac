import type { Db, Within } from '../../lib/db.ts'
import type { Advisors } from '../advisors/advisors.ts'
import type { Audit } from '../audit/audit.ts'
import type { Publish } from '../facts.ts'

export type BookingsDeps = {
  db: Db
  advisors: Pick<Advisors, 'findOf'>
  audit: Pick<Audit, 'record'>
  facts: Publish
  clock: () => Date
  timeZone: string
}
export type Tx = Within<BookingsDeps>

/** Who acts for the advisor: himself, or a member of the company. */
export type Operator = { name: string; requestId: string }
