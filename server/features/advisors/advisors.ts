import type { Db } from '../../lib/db.ts'
import type { AdvisorsDeps } from './advisors.deps.ts'
import * as store from './advisors.store.ts'

/**
 * Advisors: people of the company whom customers may ask and book. Keeps `advisors`, `advisor_invitations` and
 * `advisor_join_tries`. Woken by the office, by who opens an invitation, and by customers who look. Asks `media` for pictures;
 * tells nobody.
 */
export function createAdvisors(deps: AdvisorsDeps) {
  return {
    /** The advisor of this id, active or not. */
    find: (advisorId: string, db: Db = deps.db) => store.findAdvisor(db, advisorId),
    /** Whose account this is, if it is an advisor's. */
    findOf: (accountId: number, db: Db = deps.db) => store.findOfAccount(db, accountId),
    /** The advisor who is this member of WeCom, however his userid is spelled. */
    findOfMember: (userId: string, db: Db = deps.db) => store.findOfMember(db, userId),
  }
}
export type Advisors = ReturnType<typeof createAdvisors>
export type { AdvisorRow } from './advisors.store.ts'
