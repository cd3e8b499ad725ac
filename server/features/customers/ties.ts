import type { Db } from '../../lib/db.ts'
import * as store from './accounts.store.ts'
import type { CustomersDeps } from './customers.deps.ts'
import * as evidence from './evidence.store.ts'
import { considerAccount, lock, reconsiderAccount, reconsiderSiblings } from './ties.accounts.ts'
import {
  denyPair,
  recordPhishing,
  untieAccount,
  untieContact,
  untieCustomer,
} from './ties.endings.ts'
import { lookElsewhere, newsFor, newsOf } from './ties.news.ts'
import { considerPair, type Pair } from './ties.pairs.ts'
import { checkPlatforms } from './ties.platforms.ts'
import { describeWay } from './tie.rules.ts'

/** Which account belongs to which contact: the decision table, and how ties end. */
export function createTies(deps: CustomersDeps) {
  return {
    /** Serialises what follows against other decisions about these people. Take it before any other lock. */
    lock: (db: Db, who: Parameters<typeof lock>[1]) => lock({ ...deps, db }, who),
    /** Records E1, E2 or E4 and answers its id. */
    recordEvidence: evidence.insertPairEvidence,
    /** Decides whether an account and a contact are tied, and ties them if so. */
    considerPair: (db: Db, pair: Pair) => considerPair({ ...deps, db }, pair),
    /** Runs the table for an account that has just signed in. */
    considerAccount: (db: Db, accountId: number, now: Date) =>
      considerAccount({ ...deps, db }, { accountId, now }),
    /** The same, in a transaction of its own, after the account stated its phone. */
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
    /** Somebody said that this pair is not one person; equal unionids alone will not tie it again (D4). */
    denyPair: (db: Db, denial: Parameters<typeof denyPair>[1]) => denyPair({ ...deps, db }, denial),
    /** An account opened a ticket made for another account: kept as an attempted phishing (D3). */
    recordPhishing: (db: Db, phishing: Parameters<typeof recordPhishing>[1]) =>
      recordPhishing({ ...deps, db }, phishing),
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
  }
}
export type { News } from './ties.news.ts'
