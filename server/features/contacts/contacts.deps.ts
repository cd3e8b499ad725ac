import type { Db, Within } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { Customers } from '../customers/customers.ts'
import type { Erasures } from '../erasures/erasures.ts'

export type ContactsDeps = {
  db: Db
  platforms: Pick<Wecom, 'contacts' | 'kf'>
  customers: Pick<Customers, 'lockContact' | 'considerContact'>
  erasures: Pick<Erasures, 'recall' | 'isGone'>
  jobs: Pick<Jobs, 'add'>
  clock: () => Date
  log: Log
}
export type Tx = Within<ContactsDeps>
