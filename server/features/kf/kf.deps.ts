import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { BindCodes } from '../bind-codes/bind-codes.ts'
import type { Binding } from '../binding/binding.ts'
import type { Customers } from '../customers/customers.ts'
import type { Erasures } from '../erasures/erasures.ts'
import type { Projects } from '../projects/projects.ts'
import type { Reasons } from '../reasons/reasons.ts'
import type { Ties } from '../ties/ties.ts'

export type KfDeps = {
  db: Db
  platforms: { kf: Wecom['kf']; messages: Pick<Wecom['messages'], 'sendText'> }
  jobs: Pick<Jobs, 'add'>
  bindCodes: Pick<BindCodes, 'hashTry' | 'hashNonce'>
  binding: Pick<
    Binding,
    | 'redeem'
    | 'deny'
    | 'withdraw'
    | 'remind'
    | 'findAttempt'
    | 'findOrigin'
    | 'pageAttempting'
    | 'noteBlocked'
    | 'noteAsked'
    | 'readConfirmation'
    | 'readWelcome'
    | 'wasFoiledBefore'
  >
  customers: Pick<Customers, 'isBoundContact'>
  erasures: Pick<Erasures, 'hold' | 'keepKnown'>
  ties: Pick<Ties, 'untieContact' | 'newsOf'>
  projects: Pick<Projects, 'tellContact'>
  reasons: Pick<Reasons, 'tellContact'>
  miniAppId: string
  /** The account of the bind link; others are learned from their rings. */
  openKfId: string
  /** When humans answer, in words for customers. */
  serviceHours: string
  clock: () => Date
  log: Log
}
