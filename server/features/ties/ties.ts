import type { Db } from '../../lib/db.ts'
import * as store from './accounts.store.ts'
import {
  considerAccount,
  considerAccountsOf,
  lock,
  lockContacts,
  reconsiderAccount,
  reconsiderSiblings,
  type Around,
} from './ties.accounts.ts'
import type { TiesDeps } from './ties.deps.ts'
import {
  denyPair,
  recordPhishing,
  untieAccount,
  untieContact,
  untieCustomer,
  untieWrong,
} from './ties.endings.ts'
import { lookElsewhere, newsOf, pageNewsFor } from './ties.news.ts'
import { considerPair, type Pair } from './ties.pairs.ts'
import { checkPlatforms } from './ties.platforms.ts'
import * as ties from './ties.store.ts'
import { describeWay } from './tie.rules.ts'

/**
 * Which account belongs to which contact: the decision table (product.md, section 2), and how ties end. Keeps
 * `customer_accounts`, `pair_endings` and `configuration_alarms`. Woken by `binding`, `accounts` and `customers` inside their
 * transactions, and by `account.phone-stated`, `customer.bound`, `customer.phone-proven` and `customer.unionids-differed`.
 * Tells `customer.bound`, `customer.unbound` and `customer.unionids-differed`. The same facts give the same end state, in
 * whatever order they came.
 */
export function createTies(deps: TiesDeps) {
  return {
    ...createTieReads(),
    /** Serialises what follows against other decisions about these people. Take it before any other lock. */
    lock: (db: Db, who: Parameters<typeof lock>[1]) => lock({ ...deps, db }, who),
    /** The same for these contacts, and the accounts around each of them; answers these. */
    lockContacts: (db: Db, contacts: readonly Around[]) => lockContacts({ ...deps, db }, contacts),
    /** Decides whether an account and a contact are tied, and ties them if so. */
    considerPair: (db: Db, pair: Pair) => considerPair({ ...deps, db }, pair),
    /** Runs the table for an account that has just signed in. */
    considerAccount: (db: Db, account: { accountId: number; now: Date }) =>
      considerAccount({ ...deps, db }, account),
    /** Runs the table for a contact and the accounts around it. */
    considerAccountsOf: (db: Db, beside: Parameters<typeof considerAccountsOf>[1]) =>
      considerAccountsOf({ ...deps, db }, beside),
    /** considerAccount in a transaction of its own, after the account stated its phone. */
    reconsiderAccount: (accountId: number) => reconsiderAccount(deps, accountId),
    /** The same, for the untied accounts that the WeChat user of a tied account has in other apps. */
    reconsiderSiblings: (accountId: number) => reconsiderSiblings(deps, accountId),
    /** Ends the binding of the person whose account this is: in every app, and its sessions at once (D10). `onlyFrom`: unless it has left that contact since. */
    untieAccount: (db: Db, ending: Parameters<typeof untieAccount>[1]) =>
      untieAccount({ ...deps, db }, ending),
    untieContact: (db: Db, ending: Parameters<typeof untieContact>[1]) =>
      untieContact({ ...deps, db }, ending),
    /** An admin ends the binding of a customer. */
    untieCustomer: (db: Db, ending: Parameters<typeof untieCustomer>[1]) =>
      untieCustomer({ ...deps, db }, ending),
    /** An account that stands in the way of an admin's word leaves; the contact's own person stays. */
    untieWrong: (db: Db, ending: Parameters<typeof untieWrong>[1]) =>
      untieWrong({ ...deps, db }, ending),
    /** Two customers are one person. */
    moveTies: ties.moveTies,
    /** Somebody said that this pair is not one person; equal unionids alone will not tie it again (D4). */
    denyPair: (db: Db, denial: Parameters<typeof denyPair>[1]) => denyPair({ ...deps, db }, denial),
    /** An account opened a ticket made for another account: kept as an attempted phishing (D3). */
    recordPhishing: (db: Db, phishing: Parameters<typeof recordPhishing>[1]) =>
      recordPhishing({ ...deps, db }, phishing),
    /** Asks a person when the likely account of a contact whose phone is proven is tied to another. */
    lookElsewhere: (externalUserId: string) => lookElsewhere(deps, externalUserId),
    /** Raises or ends the alarm that WeCom and the mini-program belong to different Open Platform accounts (D15). */
    checkPlatforms: () => checkPlatforms(deps),
  }
}
export type Ties = ReturnType<typeof createTies>
export type { AccountRow } from './accounts.store.ts'
export type { Around } from './ties.accounts.ts'
export type { News } from './ties.news.ts'

/** What may be read of ties. */
const createTieReads = () => ({
  getAccount: store.getAccount,
  pageAccounts: store.pageAccounts,
  pageAccountsTiedTo: store.pageAccountsTiedTo,
  /** The ties of these accounts and their permissions; of those that are tied. */
  pageStandings: store.pageStandings,
  /** The tie of an account and its permission, or undefined. */
  standingOf: async (db: Db, accountId: number) =>
    (await store.pageStandings(db, [accountId])).at(0),
  /** How a tie was made and ended, for those who tell of it (D22). */
  newsOf,
  /** What each of these accounts may not know yet of its tie, and of others with the same contact. */
  pageNewsFor,
  /** How a row of the decision table tied, in words for people. */
  describeWay,
})
