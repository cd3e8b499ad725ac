import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Secrets } from '../../lib/secrets.ts'
import type { Contacts } from '../contacts/contacts.ts'
import type { Customers } from '../customers/customers.ts'
import type { Publish } from '../facts.ts'
import type { KfChat } from '../kf/kf-chat.ts'

export type BindingDeps = {
  db: Db
  secrets: Secrets
  facts: Publish
  jobs: Pick<Jobs, 'add'>
  chat: KfChat
  customers: Pick<
    Customers,
    | 'lock'
    | 'recordEvidence'
    | 'considerPair'
    | 'denyPair'
    | 'recordPhishing'
    | 'standingOf'
    | 'untieAccount'
    | 'hashPhone'
  >
  contacts: Pick<Contacts, 'identify'>
  /** The kf link to which a nonce may be appended. */
  platforms: { kfLink: () => Promise<string> }
  /** Whether people have a customer's session in that chat from his first word on, so that we cannot answer his digits. */
  isServedByPeople: () => Promise<boolean>
  corpId: string
  openKfId: string
  clock: () => Date
  log: Log
}
