import { toPhones } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import { forEveryOne } from '../../lib/item-fault.ts'
import type { CustomersDeps } from './customers.deps.ts'
import * as store from './customers.store.ts'
import { bindManually, changePhone } from './customers.manual.ts'
import {
  considerPair,
  suspendOnMismatch,
  untieAccount,
  untieContact,
  type Pair,
} from './customers.pairs.ts'
import { lookElsewhere, newsFor, newsOf } from './customers.news.ts'
import { considerNumbers, lockNumbers } from './customers.numbers.ts'
import { checkPlatforms } from './customers.platforms.ts'
import {
  closeTapQuestions,
  confirmPhone,
  considerPhones,
  hmacOfPhone,
  type Confirmed,
} from './customers.phones.ts'
import * as evidence from './evidence.store.ts'
import * as numbers from './numbers.store.ts'
import { createNumbers } from './numbers.ts'
import { describeWay } from './tie.rules.ts'

/**
 * The room that decides who is who (product.md, section 2). Every function works inside the caller's transaction and
 * may be called again at any time: the same facts give the same end state, in whatever order they came.
 */
export function createCustomers(deps: CustomersDeps) {
  return {
    ...createNumbers(deps),
    /** Serialises what follows against other decisions about these people. Take it before any other lock. */
    lock: async (
      db: Db,
      who: { accountIds: readonly number[]; externalUserIds: readonly string[] },
    ) => {
      await store.lock(db, 'unionid', await store.pageUnionIds(db, who.accountIds))
      await store.lock(db, 'account', who.accountIds)
      await store.lock(db, 'contact', who.externalUserIds)
    },
    /** The same, for a contact and every account it is tied to or shares a unionid or a phone with; answers these. */
    lockContact: (
      db: Db,
      contact: { externalUserId: string; unionId: string | null; mobiles: readonly string[] },
    ): Promise<number[]> =>
      lockContact(db, {
        ...contact,
        phoneHmacs: toPhones(contact.mobiles).map((phone) => hmacOfPhone(deps, phone)),
      }),
    /**
     * The same for all who share an account, a phone or a unionid with these contacts, and for these numbers and all that
     * the contacts have. Answers, for considerContact, the accounts of each.
     */
    lockPeople: (
      db: Db,
      people: { externalUserIds: readonly string[]; phoneHmacs: readonly Buffer[] },
    ) => lockPeople(deps, db, people),
    /** Records E1, E2 or E4 and answers its id. */
    recordEvidence: evidence.insertPairEvidence,
    /** Decides whether an account and a contact are tied, and ties them if so. */
    considerPair: (db: Db, pair: Pair) => considerPair(deps, db, pair),
    /**
     * Runs the table for everything known about a contact: phones, accounts with its unionid, permission. Takes what
     * lockContact answered: an account that appears meanwhile decides for itself, after us.
     */
    considerContact: (
      db: Db,
      externalUserId: string,
      lockedAccountIds: readonly number[],
      now: Date,
    ) => considerContact(deps, db, { externalUserId, lockedAccountIds, now }),
    /** The contact that a member was asked about; undefined when the question is not his, or answered. */
    findQuestion: store.findOpenReview,
    /** A member says which number of his remark is the contact's own (D6), and all that follows from it. */
    confirmPhone: (db: Db, tap: Tap) => confirmByTap(deps, db, tap),
    /** Runs the table for an account that has just signed in. */
    considerAccount: (db: Db, accountId: number, now: Date) =>
      considerAccount(deps, db, accountId, now),
    /** Ends the binding of the person whose account this is: in every app, and its sessions at once (D10). `onlyFrom`: unless it has left that contact since. */
    untieAccount: (db: Db, ending: Parameters<typeof untieAccount>[2]) =>
      untieAccount(deps, db, ending),
    untieContact: (db: Db, ending: Parameters<typeof untieContact>[2]) =>
      untieContact(deps, db, ending),
    /** The same, in a transaction of its own, after the account stated its phone. */
    reconsiderAccount: (accountId: number) =>
      deps.db.transaction((db) => considerAccount(deps, db, accountId, deps.clock())),
    /** The same, for the untied accounts that the WeChat user of a tied account has in other apps. */
    reconsiderSiblings: async (accountId: number) => {
      const siblings = await store.pageUntiedSiblings(deps.db, accountId)
      await forEveryOne(siblings, (siblingId) =>
        deps.db.transaction((db) => considerAccount(deps, db, siblingId, deps.clock())),
      )
    },
    /** An admin ends the binding of a customer. */
    untieCustomer: async (
      db: Db,
      { customerId, ...ending }: { customerId: number; actor: string; sourceId: string; now: Date },
    ): Promise<boolean> => {
      const customer = await store.findCustomer(db, customerId)
      if (
        customer?.contact == null ||
        !(await untieContact(deps, db, {
          externalUserId: customer.contact,
          by: 'admin',
          ...ending,
        }))
      )
        return false
      await store.closeReviewsOfCustomer(db, {
        customerId,
        kind: 'unionid_mismatch',
        by: ending.actor,
        reason: 'unbound',
        now: ending.now,
      })
      return true
    },
    /** Somebody has looked; answers what it was, or undefined. */
    closeReview: (db: Db, closing: Closing) => closeReview(deps, db, closing),
    /** E7: an admin's word for account, contact and phone. Take lock() before. */
    bindManually: (db: Db, decision: Parameters<typeof bindManually>[2]) =>
      bindManually(deps, db, decision),
    /** Another phone for a customer (D9). */
    changePhone: (db: Db, change: Parameters<typeof changePhone>[2]) =>
      changePhone(deps, db, change),
    /** An admin has looked: the permission that rested counts again (D15). */
    resume: async (db: Db, row: { customerId: number; operator: string; now: Date }) => {
      await store.setSuspended(db, row.customerId, null, row.now)
      await store.closeReviewsOfCustomer(db, {
        customerId: row.customerId,
        kind: 'unionid_mismatch',
        by: row.operator,
        reason: 'resumed',
        now: row.now,
      })
      await store.insertHistory(db, {
        now: row.now,
        customerId: row.customerId,
        decision: 'an admin looked',
        outcome: 'resume',
        actor: row.operator,
      })
    },
    /** Somebody said that this pair is not one person; equal unionids alone will not tie it again (D4). */
    denyPair: async (
      db: Db,
      {
        decision,
        ...row
      }: { accountId: number; externalUserId: string; decision: 'not_me' | 'withdrawn'; now: Date },
    ) => {
      await store.insertPairEnding(db, { ...row, by: 'not_me' })
      await evidence.revokeTickets(db, {
        accountIds: [row.accountId],
        externalUserId: row.externalUserId,
        reason: decision,
        now: row.now,
      })
      await store.insertHistory(db, {
        ...row,
        decision:
          decision === 'not_me' ? 'the contact said 不是我' : 'the contact recalled the code',
        outcome: 'refuse',
        actor: 'contact',
      })
    },
    /** An account opened a ticket made for another account: kept as an attempted phishing (D3). */
    recordPhishing: (
      db: Db,
      row: { issuerId: number; openerId: number; externalUserId: string; now: Date },
    ) =>
      store.insertHistory(db, {
        now: row.now,
        accountId: row.issuerId,
        externalUserId: row.externalUserId,
        actor: `account:${row.openerId}`,
        decision: 'another account opened the ticket',
        outcome: 'refuse',
        detail: { openedBy: row.openerId },
      }),
    isBoundContact: store.isBoundContact,
    /** How a tie was made and ended, for those who tell of it (D22). */
    newsOf,
    /** How a row of the decision table tied, in words for people. */
    describeWay,
    /** What an account may not know yet of its tie, and of others with the same contact. */
    newsFor,
    /** Asks a person when the likely account of a contact whose phone is proven is tied to another. */
    lookElsewhere: (externalUserId: string) => lookElsewhere(deps, externalUserId),
    /** Raises or ends the alarm that WeCom and the mini-program belong to different Open Platform accounts (D15). */
    checkPlatforms: () => checkPlatforms(deps),
    /** The tie of an account and its permission, or undefined. */
    standingOf: store.findStanding,
    /** Looks again at who was added before the company went live. */
    reconsiderLate: () => reconsiderLate(deps),
  }
}
export type { Conflict } from './customers.manual.ts'
export type { News } from './customers.news.ts'
export type { Confirmed } from './customers.phones.ts'
export type { TapQuestion } from './phone.rules.ts'
export type Customers = ReturnType<typeof createCustomers>

async function considerAccount(
  deps: CustomersDeps,
  db: Db,
  accountId: number,
  now: Date,
): Promise<void> {
  const { unionId } = await store.getAccount(db, accountId)
  if (unionId != null) await store.lock(db, 'unionid', [unionId])
  await store.lock(db, 'account', [accountId])
  const account = await store.getAccount(db, accountId)
  if (account.contact !== null) return suspendOnMismatch(deps, db, account, account.contact, now)
  const contacts = await store.pageContactsFor(db, { accountId, unionId: unionId ?? null })
  await store.lock(db, 'contact', contacts)
  for (const externalUserId of contacts)
    await considerPair(deps, db, { accountId, externalUserId, proof: { kind: 'none' }, now })
}

type LockedContact = { externalUserId: string; lockedAccountIds: readonly number[]; now: Date }

async function considerContact(
  deps: CustomersDeps,
  db: Db,
  { externalUserId, lockedAccountIds, now }: LockedContact,
): Promise<void> {
  const known = await store.findContact(db, externalUserId)
  if (!known) return
  const accounts = await store.pageAccounts(db, lockedAccountIds)
  const before = await permissionOf(db, externalUserId)
  await considerPhones(deps, db, known, now)
  for (const { id: accountId, contact } of accounts) {
    if (contact === null)
      await considerPair(deps, db, { accountId, externalUserId, proof: { kind: 'none' }, now })
    else if (contact === externalUserId)
      await suspendOnMismatch(deps, db, await store.getAccount(db, accountId), externalUserId, now)
  }
  await endSessionsIfLost(deps, db, externalUserId, before, now)
}

/** The unionid first: an account that signs in and a contact that learns its unionid at the same moment must not miss each other. */
type Around = { externalUserId: string; unionId: string | null; phoneHmacs: readonly Buffer[] }

async function lockContact(db: Db, around: Around): Promise<number[]> {
  const [accountIds] = await lockContacts(db, [around])
  return accountIds!
}

/** Answers the accounts around each of them. */
async function lockContacts(db: Db, contacts: readonly Around[]): Promise<number[][]> {
  await store.lock(
    db,
    'unionid',
    contacts.flatMap(({ unionId }) => unionId ?? []),
  )
  const accountIds: number[][] = []
  for (const around of contacts)
    accountIds.push((await store.pageAccountsOf(db, around)).map((account) => account.id))
  await store.lock(db, 'account', accountIds.flat())
  await store.lock(
    db,
    'contact',
    contacts.map(({ externalUserId }) => externalUserId),
  )
  return accountIds
}

async function lockPeople(
  deps: CustomersDeps,
  db: Db,
  people: { externalUserIds: readonly string[]; phoneHmacs: readonly Buffer[] },
): Promise<Map<string, number[]>> {
  const around: Around[] = []
  for (const externalUserId of new Set(people.externalUserIds))
    around.push(await findAround(deps, db, externalUserId))
  const accountIds = await lockContacts(db, around)
  const own = await numbers.pageNumbersOf(db, people.externalUserIds)
  await lockNumbers(db, [
    ...people.phoneHmacs,
    ...own,
    ...around.flatMap(({ phoneHmacs }) => phoneHmacs),
  ])
  return new Map(around.map(({ externalUserId }, index) => [externalUserId, accountIds[index]!]))
}

async function findAround(deps: CustomersDeps, db: Db, externalUserId: string): Promise<Around> {
  const contact = await store.findContact(db, externalUserId)
  const mobiles = (await store.pageFollows(db, externalUserId)).flatMap((follow) =>
    toPhones(follow.remarkMobiles),
  )
  return {
    externalUserId,
    unionId: contact?.unionId ?? null,
    phoneHmacs: mobiles.map((phone) => hmacOfPhone(deps, phone)),
  }
}

/** `followedAt`: since when, as WeCom has just said, the member has the contact. */
type Tap = {
  reviewId: number
  userId: string
  followedAt: Date
  isChosen: (phone: string) => boolean
  now: Date
}

async function confirmByTap(
  deps: CustomersDeps,
  db: Db,
  { reviewId, userId, followedAt, isChosen, now }: Tap,
): Promise<Confirmed | { kind: 'unknown' }> {
  const review = await store.findOpenReview(db, { id: reviewId, userId })
  const contact = review && (await store.findContact(db, review.externalUserId))
  if (!contact) return { kind: 'unknown' }
  const { externalUserId } = contact
  const lockedAccountIds = (
    await lockPeople(deps, db, { externalUserIds: [externalUserId], phoneHmacs: [] })
  ).get(externalUserId)!
  if (!(await store.findOpenReview(db, { id: reviewId, userId }))) return { kind: 'unknown' } // answered while we waited
  const confirmed = await confirmPhone(deps, db, contact, { userId, followedAt, isChosen, now })
  if (confirmed.kind === 'refused') return confirmed
  await closeTapQuestions(db, {
    externalUserId,
    userId,
    by: userId,
    reason: 'confirmed by the member',
    now,
  })
  await considerContact(deps, db, { externalUserId, lockedAccountIds, now })
  return confirmed
}

async function permissionOf(db: Db, externalUserId: string) {
  const customer = await store.findByContact(db, externalUserId)
  return customer ? store.readPermission(db, customer.id) : { mayQuery: false, accountIds: [] }
}

async function endSessionsIfLost(
  deps: CustomersDeps,
  db: Db,
  externalUserId: string,
  before: { mayQuery: boolean; accountIds: number[] },
  now: Date,
): Promise<void> {
  if (!before.mayQuery || (await permissionOf(db, externalUserId)).mayQuery) return
  await deps.sessions.endOf(db, before.accountIds)
  await store.insertHistory(db, {
    now,
    externalUserId,
    decision: 'the permission ended',
    outcome: 'revoke',
    actor: 'decision table',
  })
}

type Closing = Parameters<typeof store.closeReview>[1]

/** What was in question because of it is no more. */
async function closeReview(
  deps: CustomersDeps,
  db: Db,
  closing: Closing,
): Promise<object | undefined> {
  const named = await numbers.findNumbersOfReview(db, closing.id)
  await lockNumbers(db, named)
  const closed = await store.closeReview(db, closing)
  if (closed) await considerNumbers(deps, db, { phoneHmacs: named, now: closing.now })
  return closed
}

async function reconsiderLate(deps: CustomersDeps): Promise<void> {
  for (const externalUserId of await store.pageSeenLate(deps.db)) {
    await deps.db.transaction(async (db) => {
      const locked = await lockPeople(deps, db, {
        externalUserIds: [externalUserId],
        phoneHmacs: [],
      })
      await considerContact(deps, db, {
        externalUserId,
        lockedAccountIds: locked.get(externalUserId)!,
        now: deps.clock(),
      })
    })
  }
}
