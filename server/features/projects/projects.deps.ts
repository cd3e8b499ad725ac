import type { Db, Within } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Customers } from '../customers/customers.ts'
import type { Publish } from '../facts.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Ownership } from '../ownership/ownership.ts'
import type { Settings } from '../settings/settings.ts'

export type ProjectsDeps = {
  db: Db
  /** For what customers ask all day, gathered. */
  reads: Db
  evidence: Pick<Evidence, 'hashPhone'>
  customers: Pick<Customers, 'resolvePhone' | 'lockNumbers' | 'considerNumbers' | 'maskNumber'>
  ownership: Pick<Ownership, 'isNews' | 'pageOfProject' | 'refreshShown' | 'replaceParties'>
  settings: Pick<Settings, 'read' | 'hold'>
  audit: Audit
  facts: Publish
  timeZone: string
  clock: () => Date
}
export type Tx = Within<ProjectsDeps>
