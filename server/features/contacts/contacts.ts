import { isSameMember } from '../../../shared/userid.ts'
import { inTransaction } from '../../lib/db.ts'
import { toPage } from '../../lib/pages.ts'
import type { ContactChanged } from '../../outside/wecom/wecom.event.ts'
import type { Contact, Follow } from '../../outside/wecom/contacts.entries.ts'
import type { ContactsDeps, Tx } from './contacts.deps.ts'
import { contactJobs } from './contacts.jobs.ts'
import { reconcile } from './contacts.reconcile.ts'
import { findNextLook, isAnnounced, isSameSecond } from './contacts.rules.ts'
import * as store from './contacts.store.ts'

/** An add that WeCom has told of, and does not show. */
type Unseen = { userId: string; at: Date }
type Look = { externalUserId: string; look: number; unseen?: Unseen | undefined }

const RAW_KEPT_MS = 30 * 24 * 3_600_000

/**
 * The address book: a mirror of who WeCom says follows whom. Keeps `contacts`, `contact_follows`, `wework_customer_events`
 * and `reconciliations`. Woken by WeCom's callbacks about contacts, by `customer.bound` and `number.free`, and each day by
 * the pull of all contacts. Tells nobody: it lets `customers` look at each change, in the transaction that writes it.
 */
export function createContacts(deps: ContactsDeps) {
  return {
    /** Looks at a contact as it is now, decides anew, and answers what WeCom said: null, nobody we can see has it. */
    refresh: (externalUserId: string) => refresh(deps, externalUserId),
    /** Takes a change of a contact: the callback only says where to look. */
    takeChange: (event: ContactChanged, callbackId: number) =>
      takeChange(deps, { ...event, callbackId }),
    /** Looks again for an add that WeCom does not show yet, or for the phone of a contact that was added by phone search without one. */
    lookAgain: (look: Look) => lookAgain(deps, look),
    /** Forgets the raw text of events older than 30 days; what they meant stays. */
    tidy: () => store.scrubEvents(deps.db, new Date(deps.clock().getTime() - RAW_KEPT_MS)),
    /** Pulls all contacts and repairs the mirror; answers what it found. */
    reconcile: () => reconcile(deps),
    /** The same, as a job at once. */
    orderReconciliation: () => deps.jobs.add(deps.db, [contactJobs.reconcile.of()]),
    /** What the last pulls found, newest first. */
    listReconciliations: async (page: { before: number | null; limit: number }) =>
      toPage(await store.pageReconciliations(deps.db, page), page.limit),
    /** Learns who a kf customer is (unionid). Throws when the look-up failed: that is not an absent unionid (D15). */
    identify: (externalUserId: string) => identify(deps, externalUserId),
    /** Writes down, in the caller's transaction, which number the member says is the customer's own (D6). */
    noteConfirmedPhone: store.setAddedPhone,
  }
}
export type Contacts = ReturnType<typeof createContacts>

async function refresh(deps: ContactsDeps, externalUserId: string): Promise<Contact | null> {
  const askedAt = deps.clock()
  const contact = await deps.platforms.contacts.getContact(externalUserId)
  if (contact) await inTransaction(deps, (tx) => mirror(tx, { contact, askedAt }))
  return contact
}

type Change = ContactChanged & { callbackId: number }

async function takeChange(deps: ContactsDeps, event: Change): Promise<void> {
  const { externalUserId, userId, change } = event
  const askedAt = deps.clock()
  const contact = await deps.platforms.contacts.getContact(externalUserId)
  const listed = contact?.follows.find((one) => isSameMember(one.userId, userId))
  const follow =
    listed && (change !== 'added' || isAnnounced(listed.createdAt, event.at)) ? listed : undefined
  await inTransaction(deps, (tx) => writeChange(tx, { event, contact, follow, askedAt }))
}

/** `follow`: that of the event, as WeCom shows it now. */
type Changed = {
  event: Change
  contact: Contact | null
  follow: Follow | undefined
  askedAt: Date
}

async function writeChange(tx: Tx, { event, contact, follow, askedAt }: Changed): Promise<void> {
  const { externalUserId, userId, change } = event
  const lockedAccountIds = await tx.customers.lockContact(tx.db, {
    externalUserId,
    unionId: contact?.unionid ?? null,
    mobiles: mobilesOf(contact),
  })
  const now = tx.clock()
  const known = contact && (await tx.erasures.recall(tx.db, { contact, now }))
  if (!known && (await tx.erasures.isGone(tx.db, externalUserId))) return
  if (known) await write(tx, { contact: known, askedAt, event: follow ? event : null })
  if (change !== 'added' || !follow) await insertEvent(tx, event)
  const mayReturn = isDeletion(event) && (await endFollow(tx, { event, listed: follow }))
  await tx.customers.considerContact(tx.db, { externalUserId, lockedAccountIds, now })
  const unseen = mayReturn || (change === 'added' && !follow) ? { userId, at: event.at } : undefined
  const isWaiting =
    unseen !== undefined || (change === 'added' && (await store.awaitsPhone(tx.db, externalUserId)))
  if (isWaiting) await orderLook(tx, { externalUserId, look: 0, unseen })
}

const insertEvent = ({ db }: Tx, event: Change) =>
  store.insertEvent(db, {
    type: TYPES[event.change] ?? event.change,
    externalUserId: event.externalUserId,
    userId: event.userId,
    state: event.state ?? null,
    raw: describe(event),
    callbackId: event.callbackId,
  })

const isDeletion = ({ change }: Change): boolean =>
  change === 'deleted-by-member' || change === 'deleted-by-customer'

/**
 * The deletion counts even while WeCom still lists the follow; one that began later is another follow (D7), and so is one that
 * began in the same second and is listed.
 *
 * @returns whether a follow of the same second was ended, of which WeCom may yet show that it came after the deletion.
 */
async function endFollow(
  { db }: Tx,
  {
    event: { externalUserId, userId, at, source },
    listed,
  }: { event: Change; listed: Follow | undefined },
): Promise<boolean> {
  if (listed && isSameSecond(listed.createdAt, at)) return false
  const ended = await store.endFollow(db, {
    externalUserId,
    userId,
    at,
    transferred: source === BY_TRANSFER,
  })
  return ended !== undefined && isSameSecond(ended, at)
}

async function lookAgain(
  deps: ContactsDeps,
  { externalUserId, look, unseen }: Look,
): Promise<void> {
  const contact = await refresh(deps, externalUserId)
  const isSeen =
    unseen === undefined ||
    contact?.follows.some(
      (one) => isSameMember(one.userId, unseen.userId) && isAnnounced(one.createdAt, unseen.at),
    ) === true
  if (!isSeen && (await store.wasDeletedSince(deps.db, { externalUserId, ...unseen }))) return
  if (!isSeen) return orderLook(deps, { externalUserId, look: look + 1, unseen })
  if (await store.awaitsPhone(deps.db, externalUserId))
    await orderLook(deps, { externalUserId, look: look + 1 })
}

type Ordering = Pick<ContactsDeps, 'db' | 'jobs' | 'clock'>

async function orderLook(
  { db, jobs, clock }: Ordering,
  { externalUserId, look, unseen }: Look,
): Promise<void> {
  const waitMs = findNextLook(look)
  if (waitMs === null) return
  const runAt = new Date(clock().getTime() + waitMs)
  await jobs.add(db, [contactJobs.lookAgain.of({ externalUserId, look, ...unseen }, runAt)])
}

/** What WeCom said, and when it was asked: the answer may be late. */
type Answer = { contact: Contact; askedAt: Date }

async function mirror(tx: Tx, { contact, askedAt }: Answer): Promise<void> {
  const locked = await tx.customers.lockContact(tx.db, {
    externalUserId: contact.externalUserId,
    unionId: contact.unionid ?? null,
    mobiles: mobilesOf(contact),
  })
  const now = tx.clock()
  const known = await tx.erasures.recall(tx.db, { contact, now })
  if (!known) return
  await write(tx, { contact: known, askedAt, event: null })
  await tx.customers.considerContact(tx.db, {
    externalUserId: contact.externalUserId,
    lockedAccountIds: locked,
    now,
  })
}

const mobilesOf = (contact: Contact | null): string[] =>
  contact?.follows.flatMap((follow) => follow.remarkMobiles) ?? []

/** Upserts what WeCom said. */
async function write(
  { db }: Tx,
  { contact, askedAt, event }: Answer & { event: Change | null },
): Promise<void> {
  const { externalUserId } = contact
  await store.upsertContact(db, contact, askedAt)
  for (const follow of contact.follows) {
    const isOfFollow = event?.change === 'added' && isSameMember(event.userId, follow.userId)
    await store.upsertFollow(db, { externalUserId, follow, askedAt })
    await store.giveFollow(db, { ...follow, externalUserId })
    await store.upsertAddEvent(db, {
      externalUserId,
      follow,
      raw: isOfFollow ? describe(event) : null,
    })
  }
}

/** The platform's word for a contact that the company gave to another member. */
const BY_TRANSFER = 'DELETE_BY_TRANSFER'

const TYPES: Partial<Record<string, string>> = {
  added: 'add_external_contact',
  'half-added': 'add_half_external_contact',
  edited: 'edit_external_contact',
  'deleted-by-member': 'del_external_contact',
  'deleted-by-customer': 'del_follow_user',
  'transfer-failed': 'transfer_fail',
}

/** The event for the log, without the welcome code. */
function describe({ welcomeCode: _, callbackId: __, ...event }: Change): object {
  return event
}

async function identify(deps: ContactsDeps, externalUserId: string): Promise<void> {
  const { found } = await deps.platforms.kf.customers([externalUserId])
  const customer = found.find((one) => one.externalUserId === externalUserId)
  if (!customer) return
  const unionId = customer.unionid ?? null
  await inTransaction(deps, async (tx) => {
    const who = { externalUserId, unionId }
    const lockedAccountIds = await tx.customers.lockContact(tx.db, { ...who, mobiles: [] })
    if (await tx.erasures.isGone(tx.db, externalUserId)) return
    const now = tx.clock()
    await store.upsertKfCustomer(tx.db, { ...who, nickname: customer.nickname, now })
    await tx.customers.considerContact(tx.db, { externalUserId, lockedAccountIds, now })
  })
}
