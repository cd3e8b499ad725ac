import type { Db } from '../../lib/db.ts'
import { confirmByTap, type Tap } from './customers.confirm.ts'
import { considerContact, reconsiderLate, type LockedContact } from './customers.contact.ts'
import type { CustomersDeps } from './customers.deps.ts'
import { explainFollows } from './customers.follows.ts'
import { lockContact, lockPeople, type People } from './customers.locks.ts'
import { bindManually, type Decision } from './customers.manual.ts'
import type { Closing } from '../reviews/reviews.ts'
import { closeReview, resume, type Resumption } from './customers.reviews.ts'
import * as store from './customers.store.ts'
import { createNumbers } from './numbers.ts'

/**
 * Who is who (product.md, section 2): one row per person, with at most one contact and one phone. Keeps `customers`,
 * `number_answers` and `binding_history`. Woken by `contacts`, `questions`, `remedies`, `projects`
 * and `staff` inside their transactions, and by `settings.changed`. Tells `customer.phone-proven`, `number.asked` and
 * `number.free`. The same facts give the same end state, in whatever order they came.
 */
export function createCustomers(deps: CustomersDeps) {
  return {
    ...createNumbers(deps),
    /**
     * Serialises what follows against other decisions about a contact and every account it is tied to or shares a unionid
     * or a phone with; answers these.
     */
    lockContact: (db: Db, contact: Parameters<typeof lockContact>[1]) =>
      lockContact({ ...deps, db }, contact),
    /**
     * The same for all who share an account, a phone or a unionid with these contacts, and for these numbers and all that
     * the contacts have. Answers, for considerContact, the accounts of each.
     */
    lockPeople: (db: Db, people: People) => lockPeople({ ...deps, db }, people),
    /**
     * Runs the table for everything known about a contact: phones, accounts with its unionid, permission. Takes what
     * lockContact answered: an account that appears meanwhile decides for itself, after us.
     */
    considerContact: (db: Db, contact: LockedContact) => considerContact({ ...deps, db }, contact),
    /** Looks again at who was added before the company went live. */
    reconsiderLate: () => reconsiderLate(deps),
    /** A member says which number of his remark is the contact's own (D6), and all that follows from it. */
    confirmPhone: (db: Db, tap: Tap) => confirmByTap({ ...deps, db }, tap),
    /** Somebody has looked; answers what it was, or undefined. */
    closeReview: (db: Db, closing: Closing) => closeReview({ ...deps, db }, closing),
    /** E7: an admin's word for account, contact and phone. Take lock() before. */
    bindManually: (db: Db, decision: Decision) => bindManually({ ...deps, db }, decision),
    /** An admin has looked: the permission that rested counts again (D15). */
    resume: (db: Db, resumption: Resumption) => resume({ ...deps, db }, resumption),
    isBoundContact: store.isBoundContact,
    /** What each follow of a contact proves as things stand, or why it does not. */
    explainFollows: (db: Db, look: Parameters<typeof explainFollows>[1]) =>
      explainFollows({ ...deps, db }, look),
  }
}
export type { Conflict } from './customers.manual.ts'
export type { Confirmed } from './customers.confirm.ts'
export type { PhoneProof, TapQuestion } from './phone.rules.ts'
export type Customers = ReturnType<typeof createCustomers>
