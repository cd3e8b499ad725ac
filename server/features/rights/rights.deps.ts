import type { Db, Within } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import type { Audit } from '../audit/audit.ts'
import type { Customers } from '../customers/customers.ts'
import type { Erasures } from '../erasures/erasures.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Media } from '../media/media.ts'
import type { Settings } from '../settings/settings.ts'
import type { Ties } from '../ties/ties.ts'

export type RightsDeps = {
  db: Db
  audit: Audit
  customers: Pick<Customers, 'lockNumbers'>
  erasures: Pick<Erasures, 'holdAlone' | 'mark' | 'record' | 'find'>
  evidence: Pick<Evidence, 'hashPhone'>
  media: Pick<Media, 'discardOf'>
  settings: Pick<Settings, 'read'>
  ties: Pick<Ties, 'lock'>
  timeZone: string
  clock: () => Date
  log: Log
}
export type Tx = Within<RightsDeps>

/** Whose rights: a customer's, or those of who asked, tied to nobody or not. */
export type Subject = { customerId: number } | { requestId: number }
export type Operator = { name: string; requestId: string }
