import type { Db, Within } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { BindCodes } from '../bind-codes/bind-codes.ts'
import type { Contacts } from '../contacts/contacts.ts'
import type { Customers } from '../customers/customers.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Ties } from '../ties/ties.ts'

export type RemediesDeps = {
  db: Db
  evidence: Pick<Evidence, 'hashPhone'>
  ties: Pick<Ties, 'lock' | 'untieCustomer'>
  customers: Pick<
    Customers,
    | 'lockForPhone'
    | 'lockPeople'
    | 'bindManually'
    | 'changePhone'
    | 'withdrawVouching'
    | 'handOver'
    | 'giveNamed'
    | 'considerContact'
    | 'considerNumbers'
    | 'resume'
  >
  contacts: Pick<Contacts, 'refresh'>
  bindCodes: Pick<BindCodes, 'liftStop'>
  audit: Audit
  clock: () => Date
}
export type Tx = Within<RemediesDeps>

/** Who acts: the key that was used, and the person named with it. */
export type Operator = { key: string; userid?: string | undefined; requestId: string }
export type Remedy = { reason: string; operator: Operator }

/** Whose name stands in the operation log. */
export const nameOf = ({ key, userid }: Operator): string => userid ?? key
