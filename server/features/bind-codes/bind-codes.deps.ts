import type { Db, Within } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import type { Secrets } from '../../lib/secrets.ts'
import type { Ties } from '../ties/ties.ts'

export type BindCodesDeps = {
  db: Db
  secrets: Secrets
  ties: Pick<Ties, 'lock'>
  /** `kfLink`: the kf link to which a nonce may be appended; `kfName`: what WeChat lists that chat as. */
  platforms: { kfLink: () => Promise<string>; kfName: () => Promise<string | undefined> }
  /** Whether people have a customer's session in that chat from his first word on, so that we cannot answer his digits. */
  isServedByPeople: () => Promise<boolean>
  corpId: string
  clock: () => Date
  log: Log
}
export type BindCodesTx = Within<BindCodesDeps>
