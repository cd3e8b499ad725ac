import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { Binding } from '../binding/binding.ts'

export type KfDeps = {
  db: Db
  wecom: Wecom['kf']
  jobs: Pick<Jobs, 'add'>
  binding: Pick<Binding, 'claim' | 'deny' | 'remind' | 'noteBlocked' | 'readConfirmation' | 'readWelcome' | 'hashTry' | 'hashNonce'>
  miniAppId: string
  clock: () => Date
  log: Log
}
