import type { Db, Within } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Secrets } from '../../lib/secrets.ts'
import type { BindCodes } from '../bind-codes/bind-codes.ts'
import type { Contacts } from '../contacts/contacts.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Publish } from '../facts.ts'
import type { KfChat } from '../kf/kf-chat.ts'
import type { Reasons } from '../reasons/reasons.ts'
import type { Ties } from '../ties/ties.ts'

export type BindingDeps = {
  db: Db
  /** For what customers ask all day, gathered. */
  reads: Db
  secrets: Secrets
  facts: Publish
  jobs: Pick<Jobs, 'add'>
  chat: KfChat
  evidence: Pick<Evidence, 'record'>
  ties: Pick<
    Ties,
    'lock' | 'considerPair' | 'denyPair' | 'recordPhishing' | 'pageStandings' | 'untieAccount'
  >
  bindCodes: Pick<BindCodes, 'redeem' | 'pageLatest' | 'tidy' | 'forget'>
  contacts: Pick<Contacts, 'identify'>
  reasons: Pick<Reasons, 'tellAccount'>
  openKfId: string
  clock: () => Date
  log: Log
}
export type BindingTx = Within<BindingDeps>
