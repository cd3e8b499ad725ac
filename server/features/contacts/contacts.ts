import type { Db } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { ContactChanged } from '../../outside/wecom/wecom.event.ts'
import type { Contact } from '../../outside/wecom/contacts.ts'
import type { Customers } from '../customers/customers.ts'
import * as store from './contacts.store.ts'

type Deps = {
  db: Db
  wecom: Pick<Wecom, 'contacts' | 'kf'>
  customers: Pick<Customers, 'lockContact' | 'considerContact'>
  clock: () => Date
  log: Log
}
/** Greeting makes sense only in the platform's 20 s (platform-facts 3.5). */
const WELCOME_LIFE_MS = 20_000
const WELCOME = '您好，很高兴为您服务！您可以打开「进度通」小程序，随时查看项目进度。'

/** The address book: mirrors contacts and follows, and lets the decision table look at each change. */
export function createContacts(deps: Deps) {
  return {
    /** Looks at a contact as it is now and decides anew. */
    refresh: (externalUserId: string) => refresh(deps, externalUserId),
    /** Takes a change of a contact: the callback only says where to look. */
    takeChange: (event: ContactChanged) => takeChange(deps, event),
    /** Sends the welcome text; answers quietly when its time is over. */
    greet: (welcome: { welcomeCode: string; receivedAt: Date }) => greet(deps, welcome),
    /** Learns who a kf customer is (unionid). Throws when the look-up failed: that is not an absent unionid (D15). */
    identify: (externalUserId: string) => identify(deps, externalUserId),
  }
}
export type Contacts = ReturnType<typeof createContacts>

async function refresh(deps: Deps, externalUserId: string): Promise<void> {
  const contact = await deps.wecom.contacts.getContact(externalUserId)
  if (contact) await deps.db.transaction((db) => mirror(deps, db, contact, null))
}

async function takeChange(deps: Deps, event: ContactChanged): Promise<void> {
  const contact = await deps.wecom.contacts.getContact(event.externalUserId)
  await deps.db.transaction(async (db) => {
    if (contact) await mirror(deps, db, contact, event)
    const follow = contact?.follows.find(({ userId }) => userId === event.userId)
    if (event.change !== 'added' || !follow) await store.insertEvent(db, { type: TYPES[event.change] ?? event.change, externalUserId: event.externalUserId, userId: event.userId, state: event.state ?? null, raw: describe(event) })
    const isDeleted = event.change === 'deleted-by-member' || event.change === 'deleted-by-customer'
    if (isDeleted && !follow) await endFollow(deps, db, event)
  })
}

/** Upserts what WeCom said and runs the decision table, in the caller's transaction. */
async function mirror(deps: Deps, db: Db, contact: Contact, event: ContactChanged | null): Promise<void> {
  const { externalUserId } = contact
  await deps.customers.lockContact(db, { externalUserId, unionId: contact.unionid ?? null })
  const now = deps.clock()
  await store.upsertContact(db, contact, now)
  for (const follow of contact.follows) {
    await store.upsertFollow(db, externalUserId, follow, now)
    await store.upsertAddEvent(db, externalUserId, follow, event?.change === 'added' && event.userId === follow.userId ? describe(event) : null)
  }
  await deps.customers.considerContact(db, externalUserId, now)
}

/** The event said deleted, and a look confirmed that this member does not follow any more (D7). */
async function endFollow(deps: Deps, db: Db, event: ContactChanged): Promise<void> {
  await store.endFollow(db, { externalUserId: event.externalUserId, userId: event.userId, at: event.at })
  await deps.customers.considerContact(db, event.externalUserId, deps.clock())
}

const TYPES: Partial<Record<string, string>> = {
  added: 'add_external_contact',
  'half-added': 'add_half_external_contact',
  edited: 'edit_external_contact',
  'deleted-by-member': 'del_external_contact',
  'deleted-by-customer': 'del_follow_user',
  'transfer-failed': 'transfer_fail',
}

/** The event for the log, without the welcome code. */
function describe({ welcomeCode: _, ...event }: ContactChanged): object {
  return event
}

async function greet(deps: Deps, { welcomeCode, receivedAt }: { welcomeCode: string; receivedAt: Date }): Promise<void> {
  if (deps.clock().getTime() - receivedAt.getTime() > WELCOME_LIFE_MS) return deps.log.warn('a welcome came too late to be sent')
  const outcome = await deps.wecom.contacts.sendWelcome({ welcomeCode, text: WELCOME })
  if (outcome !== 'sent') deps.log.info({ outcome }, 'a welcome was not sent')
}

async function identify(deps: Deps, externalUserId: string): Promise<void> {
  const { found } = await deps.wecom.kf.customers([externalUserId])
  const customer = found.find((one) => one.externalUserId === externalUserId)
  if (!customer) return
  const unionId = customer.unionid ?? null
  await deps.db.transaction(async (db) => {
    await deps.customers.lockContact(db, { externalUserId, unionId })
    const now = deps.clock()
    await store.upsertKfCustomer(db, { externalUserId, nickname: customer.nickname, unionId, now })
    await deps.customers.considerContact(db, externalUserId, now)
  })
}
