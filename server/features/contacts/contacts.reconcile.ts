import { isSameMember } from '../../../shared/userid.ts'
import { inTransaction } from '../../lib/db.ts'
import { tryItem } from '../../lib/item-fault.ts'
import type { FollowedContact, UnreadableContact } from '../../outside/wecom/contacts.entries.ts'
import type { ContactsPage } from '../../outside/wecom/contacts.pages.ts'
import type { ContactsDeps } from './contacts.deps.ts'
import * as store from './contacts.store.ts'

export type Report = {
  seen: number
  repaired: number
  failed: number
  missing: number
  ended: number
}

/** What one pull has shown so far. */
type Pull = {
  deps: ContactsDeps
  startedAt: Date
  seen: number
  repaired: number
  failures: store.Failure[]
  /** Shown by the pull, although nothing could be made of them. */
  broken: UnreadableContact[]
  /** Members of whose contacts nothing is known. */
  unknown: Set<string>
  /** WeCom has not refused to be asked about a single contact. */
  mayAsk: boolean
}

const NAMED_AT_MOST = 100
const LOGGED_AT_MOST = 10

/**
 * Pulls every contact of every member, because events get lost and API edits send none (platform-facts 3.1). What a pull
 * does not show is ended only when a second one agrees, and only for members who are in view (D7). A contact that cannot
 * be read or stored is named, and costs nobody else anything: it was shown, so it is not missed.
 *
 * @throws what WeCom throws when nothing can be pulled at all, and whatever is not the fault of a single contact.
 */
export async function reconcile(deps: ContactsDeps): Promise<Report> {
  const startedAt = deps.clock()
  const id = await store.insertReconciliation(deps.db, startedAt)
  const members = await deps.platforms.contacts.followUsers()
  const pull: Pull = {
    deps,
    startedAt,
    seen: 0,
    repaired: 0,
    failures: [],
    broken: [],
    unknown: new Set(),
    mayAsk: true,
  }
  await pullAll(pull, members)
  const { missing, ended } = await endMissing(
    pull,
    members.filter((userId) => !pull.unknown.has(userId)),
  )
  const { seen, repaired, failures } = pull
  const report: Report = { seen, repaired, failed: failures.length, missing, ended }
  await store.finishReconciliation(deps.db, id, {
    at: deps.clock(),
    complete: pull.unknown.size === 0,
    report,
    failures: failures.slice(0, NAMED_AT_MOST),
  })
  deps.log.info(report, 'all contacts were pulled')
  if (failures.length > 0)
    deps.log.error(
      { failed: failures.length, failures: failures.slice(0, LOGGED_AT_MOST) },
      'some contacts could not be taken over; all others were',
    )
  return report
}

async function pullAll(pull: Pull, members: readonly string[]): Promise<void> {
  const { deps } = pull
  let askedAt = pull.startedAt
  for await (const page of deps.platforms.contacts.pagesByUsers(members)) {
    if (page.kind === 'failed') noteUnknown(pull, page, members)
    else await takePage(pull, page, askedAt)
    askedAt = deps.clock() // the next page is asked for when the loop goes on
  }
}

/** Only while others are known: when nobody is, the platform is away, and the job is tried again. */
function noteUnknown(
  pull: Pull,
  { userIds, error }: Extract<ContactsPage, { kind: 'failed' }>,
  members: readonly string[],
): void {
  for (const userId of userIds) {
    pull.unknown.add(userId)
    pull.failures.push({ userid: userId, reason: 'not pulled' })
  }
  if (pull.unknown.size === new Set(members).size) throw error
  pull.deps.log.warn(
    { err: error, members: userIds.length },
    'the contacts of some members could not be pulled',
  )
}

async function takePage(
  pull: Pull,
  { contacts, unreadable }: Extract<ContactsPage, { kind: 'page' }>,
  askedAt: Date,
): Promise<void> {
  pull.seen += contacts.length + unreadable.length
  for (const entry of unreadable) noteBroken(pull, entry)
  for (const followed of contacts) {
    const tried = await tryItem(() => repair(pull.deps, { ...followed, askedAt }))
    if (tried.kind === 'broken')
      noteBroken(pull, {
        userIds: [followed.follow.userId],
        externalUserId: followed.externalUserId,
        reason: tried.reason,
      })
    else if (tried.value) pull.repaired += 1
  }
}

function noteBroken(pull: Pull, entry: UnreadableContact): void {
  const {
    userIds: [userid, ...others],
    externalUserId,
    reason,
  } = entry
  pull.broken.push(entry)
  pull.failures.push({
    ...(externalUserId !== undefined && { externalUserId }),
    ...(userid !== undefined && others.length === 0 && { userid }),
    reason,
  })
}

/** Answers whether our mirror differed. */
async function repair(
  deps: ContactsDeps,
  { follow, askedAt, ...contact }: FollowedContact & { askedAt: Date },
): Promise<boolean> {
  const { externalUserId } = contact
  const seen = { externalUserId, userId: follow.userId, askedAt }
  if (await store.isMirrored(deps.db, contact, follow)) {
    await store.markSeen(deps.db, seen)
    return false
  }
  return inTransaction(deps, async (tx) => {
    const { db } = tx
    const lockedAccountIds = await tx.customers.lockContact(db, {
      externalUserId,
      unionId: contact.unionid ?? null,
      mobiles: follow.remarkMobiles,
    })
    const now = tx.clock()
    const known = await tx.erasures.recall(db, { contact: { ...contact, follows: [follow] }, now })
    const kept = known?.follows[0]
    if (!known || !kept) return false
    if (await store.isMirrored(db, contact, kept)) {
      await store.markSeen(db, seen)
      return false
    }
    await store.upsertContact(db, known, askedAt)
    await store.upsertFollow(db, { externalUserId, follow: kept, askedAt })
    await store.markSeen(db, seen) // an entry about a former follow changes nothing, but shows that there is one
    await store.giveFollow(db, { ...kept, externalUserId })
    await store.upsertAddEvent(db, { externalUserId, follow: kept, raw: null })
    await tx.customers.considerContact(db, { externalUserId, lockedAccountIds, now })
    return true
  })
}

async function endMissing(
  pull: Pull,
  members: readonly string[],
): Promise<{ missing: number; ended: number }> {
  const { deps, startedAt: before } = pull
  let [missing, ended] = [0, 0]
  for (const follow of await store.pageUnseen(deps.db, { members, before })) {
    const isMissing = await isGone(pull, follow)
    const tried = await tryItem(() =>
      isMissing
        ? miss(deps, { ...follow, before })
        : store.forgetMissed(deps.db, follow).then(() => false),
    )
    if (isMissing) missing += 1
    if (tried.kind === 'broken')
      pull.failures.push({
        externalUserId: follow.externalUserId,
        userid: follow.userId,
        reason: tried.reason,
      })
    else if (tried.value) ended += 1
  }
  return { missing, ended }
}

/** An entry without the id of its contact may be this one: then WeCom is asked about this one alone. */
async function isGone(pull: Pull, follow: store.FollowKey): Promise<boolean> {
  const entries = pull.broken.filter(({ userIds }) =>
    userIds.some((userId) => isSameMember(userId, follow.userId)),
  )
  if (entries.some(({ externalUserId }) => externalUserId === follow.externalUserId)) return false
  if (entries.every(({ externalUserId }) => externalUserId !== undefined)) return true
  return pull.mayAsk && askWhetherGone(pull, follow)
}

async function askWhetherGone(
  pull: Pull,
  { externalUserId, userId }: store.FollowKey,
): Promise<boolean> {
  try {
    const contact = await pull.deps.platforms.contacts.getContact(externalUserId)
    return (
      contact === null ||
      (contact.isPartial === undefined &&
        contact.follows.every((follow) => !isSameMember(follow.userId, userId)))
    )
  } catch (error) {
    pull.mayAsk = false
    pull.deps.log.warn(
      { err: error },
      'contacts that the pull may not have shown could not be asked about; the next one comes',
    )
    return false
  }
}

/** Answers whether the follow has ended: when it was missed twice. */
async function miss(
  deps: ContactsDeps,
  follow: store.FollowKey & { before: Date },
): Promise<boolean> {
  if ((await store.countMissed(deps.db, follow)) < 2) return false
  const { externalUserId, userId } = follow
  await inTransaction(deps, async (tx) => {
    const who = { externalUserId, unionId: null, mobiles: [] }
    const lockedAccountIds = await tx.customers.lockContact(tx.db, who)
    const now = tx.clock()
    await store.endFollow(tx.db, { externalUserId, userId, at: now, transferred: false })
    await tx.customers.considerContact(tx.db, { externalUserId, lockedAccountIds, now })
  })
  return true
}
