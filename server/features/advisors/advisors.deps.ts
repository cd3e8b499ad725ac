import type { Db, Within } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import type { Audit } from '../audit/audit.ts'
import type { Media } from '../media/media.ts'

export type AdvisorsDeps = {
  db: Db
  audit: Pick<Audit, 'record'>
  media: Pick<Media, 'attach' | 'remove' | 'addressOf'>
  clock: () => Date
  log: Log
}
export type Tx = Within<AdvisorsDeps>
