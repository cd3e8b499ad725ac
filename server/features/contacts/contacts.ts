import { isSameMember } from '../../../shared/userid.ts'
import type { Db } from '../../lib/db.ts'
import type { ContactChanged } from '../../outside/wecom/wecom.event.ts'
import type { Contact, Follow } from '../../outside/wecom/contacts.entries.ts'
import type { ContactsDeps } from './contacts.deps.ts'
import { contactJobs } from './contacts.jobs.ts'
import { reconcile } from './contacts.reconcile.ts'
import { findNextLook, isAnnounced, isSameSecond } from './contacts.rules.ts'
import * as store from './contacts.store.ts'

/** An add that WeCom has told of, and does not show. */
type Unseen = { userId: string; at: Date }
type Look = { externalUserId: string; look: number; unseen?: Unseen | undefined }

const RAW_KEPT_MS = 30 * 24 * 3_600_000

/** The address book: mirrors contacts and follows, and lets the decision table look at each change. */
export function createContacts(deps: ContactsDeps) {
  return {
    /** Looks at a contact as it is now, decides anew, and answers what WeCom said: null, nobody we can see has it. */
    refresh: (externalUserId: string) => refresh(deps, externalUserId),
    /** Takes a change of a contact: the callback only says where to look. */
    takeChange: (event: ContactChanged, callbackId: number) => takeChange(deps, event, callbackId),
    /** Looks again for an add that WeCom does not show yet, or for the phone of a contact that was added by phone search without one. */
    lookAgain: (look: Look) => lookAgain(deps, look),
    /** Forgets the raw text of events older than 30 days; what they meant stays. */
    tidy: () => store.scrubEvents(deps.db, new Date(deps.clock().getTime() - RAW_KEPT_MS)),
    /** Pulls all contacts and repairs the mirror; answers what it found. */
    reconcile: () => reconcile(deps),
    /** The same, as a job at once. */
    orderReconciliation: () => deps.jobs.add(deps.db, [contactJobs.reconcile.of()]),
    /** What the last pulls found, newest first. */
    listReconciliations: () => store.pageReconciliations(deps.db),
    /** Learns who a kf customer is (unionid). Throws when the look-up failed: that is not an absent unionid (D15). */
    identify: (externalUserId: string) => identify(deps, externalUserId),
    /** Writes down, in the caller's transaction, which number the member says is the customer's own (D6). */
    noteConfirmedPhone: store.setAddedPhone,
  }
}
export type Contacts = ReturnType<typeof createContacts>

async function refresh(deps: ContactsDeps, externalUserId: string): Promise<Contact | null> {
  const askedAt = deps.clock()
  const contact = await deps.wecom.contacts.getContact(externalUserId)
  if (contact) await deps.db.transaction((db) => mirror(deps, db, { contact, askedAt }))
  return contact
}

async function takeChange(
  deps: ContactsDeps,
  event: ContactChanged,
  callbackId: number,
): Promise<void> {
  const { externalUserId, userId, change } = event
  const askedAt = deps.clock()
  const contact = await deps.wecom.contacts.getContact(externalUserId)
  const listed = contact?.follows.find((one) => isSameMember(one.userId, userId))
  const follow =
    listed && (change !== 'added' || isAnnounced(listed.createdAt, event.at)) ? listed : undefined
  await deps.db.transaction(async (db) => {
    const locked = await deps.customers.lockContact(db, {
      externalUserId,
      unionId: contact?.unionid ?? null,
      mobiles: mobilesOf(contact),
    })
    if (contact) await write(db, { contact, askedAt }, follow ? event : null)
    if (change !== 'added' || !follow) {
      await store.insertEvent(db, {
        type: TYPES[change] ?? change,
        externalUserId,
        userId,
        state: event.state ?? null,
        raw: describe(event),
        callbackId,
      })
    }
    const mayReturn = isDeletion(event) && (await endFollow(db, event, follow))
    await deps.customers.considerContact(db, externalUserId, locked, deps.clock())
    const unseen =
      mayReturn || (change === 'added' && !follow) ? { userId, at: event.at } : undefined
    const isWaiting =
      unseen !== undefined || (change === 'added' && (await store.awaitsPhone(db, externalUserId)))
    if (isWaiting) await orderLook(deps, db, { externalUserId, look: 0, unseen })
  })
}

const isDeletion = ({ change }: ContactChanged): boolean =>
  change === 'deleted-by-member' || change === 'deleted-by-customer'

/**
 * The deletion counts even while WeCom still lists the follow; one that began later is another follow (D7), and so is one that
 * began in the same second and is listed.
 *
 * @returns whether a follow of the same second was ended, of which WeCom may yet show that it came after the deletion.
 */
async function endFollow(
  db: Db,
  { externalUserId, userId, at, source }: ContactChanged,
  listed: Follow | undefined,
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
  if (!isSeen) return orderLook(deps, deps.db, { externalUserId, look: look + 1, unseen })
  if (await store.awaitsPhone(deps.db, externalUserId))
    await orderLook(deps, deps.db, { externalUserId, look: look + 1 })
}

async function orderLook(
  deps: ContactsDeps,
  db: Db,
  { externalUserId, look, unseen }: Look,
): Promise<void> {
  const waitMs = findNextLook(look)
  if (waitMs !== null)
    await deps.jobs.add(db, [
      contactJobs.lookAgain.of(
        { externalUserId, look, ...unseen },
        new Date(deps.clock().getTime() + waitMs),
      ),
    ])
}

/** What WeCom said, and when it was asked: the answer may be late. */
type Answer = { contact: Contact; askedAt: Date }

async function mirror(deps: ContactsDeps, db: Db, { contact, askedAt }: Answer): Promise<void> {
  const locked = await deps.customers.lockContact(db, {
    externalUserId: contact.externalUserId,
    unionId: contact.unionid ?? null,
    mobiles: mobilesOf(contact),
  })
  await write(db, { contact, askedAt }, null)
  await deps.customers.considerContact(db, contact.externalUserId, locked, deps.clock())
}

const mobilesOf = (contact: Contact | null): string[] =>
  contact?.follows.flatMap((follow) => follow.remarkMobiles) ?? []

/** Upserts what WeCom said. */
async function write(
  db: Db,
  { contact, askedAt }: Answer,
  event: ContactChanged | null,
): Promise<void> {
  await store.upsertContact(db, contact, askedAt)
  for (const follow of contact.follows) {
    await store.upsertFollow(db, contact.externalUserId, { follow, askedAt })
    await store.giveFollow(db, contact.externalUserId, follow)
    await store.upsertAddEvent(
      db,
      contact.externalUserId,
      follow,
      event?.change === 'added' && isSameMember(event.userId, follow.userId)
        ? describe(event)
        : null,
    )
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
function describe({ welcomeCode: _, ...event }: ContactChanged): object {
  return event
}

async function identify(deps: ContactsDeps, externalUserId: string): Promise<void> {
  const { found } = await deps.wecom.kf.customers([externalUserId])
  const customer = found.find((one) => one.externalUserId === externalUserId)
  if (!customer) return
  const unionId = customer.unionid ?? null
  await deps.db.transaction(async (db) => {
    const locked = await deps.customers.lockContact(db, { externalUserId, unionId, mobiles: [] })
    const now = deps.clock()
    await store.upsertKfCustomer(db, { externalUserId, nickname: customer.nickname, unionId, now })
    await deps.customers.considerContact(db, externalUserId, locked, now)
  })
}
