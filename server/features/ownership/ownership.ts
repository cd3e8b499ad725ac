import type { Db } from '../../lib/db.ts'
import { consider, refreshShown } from './ownership.consider.ts'
import type { OwnershipDeps } from './ownership.deps.ts'
import { namesDiffer, replaceParties } from './ownership.parties.ts'
import { findSince, releaseParties, type Lost, type Release } from './ownership.release.ts'
import * as store from './ownership.store.ts'
import { isNews, isOfErased } from './parties.rules.ts'
import * as proofs from './proofs.store.ts'

/**
 * Whose an order is (D19 to D21, docs/spec/ownership.md), and whether it is shown. Keeps `project_parties`: order x number.
 * Woken by `customers`, `questions` and `projects`, inside their transactions; whoever calls holds the locks of the numbers
 * concerned (customers.lockNumbers), because parties are written under them alone. Tells nobody: it answers. The same facts
 * give the same end, however often a number is looked at.
 */
export function createOwnership(deps: OwnershipDeps) {
  return {
    findOwner: proofs.findOwner,
    isInQuestion: proofs.isInQuestion,
    /** The parties that a load names. */
    replaceParties: (db: Db, load: Parameters<typeof replaceParties>[1]) =>
      replaceParties({ ...deps, db }, load),
    /** Whether a load says something new of who an order's parties are. */
    isNews,
    /** Whether an order stayed with a former owner of whom nothing is kept any more. */
    isOfErased,
    pageOfProject: store.pageOfProject,
    /** The parties of a number. */
    pageOfNumber: (db: Db, phoneHmac: Buffer) =>
      store.pageAround(db, { phoneHmac, customerIds: [] }),
    /** Runs table A for every party of a number, and table B for what is attached. */
    consider: (db: Db, look: { phoneHmac: Buffer; now: Date }) => consider({ ...deps, db }, look),
    /** Runs table B for an order whose dates or stages changed: whose it is does not change by progress. */
    refreshShown: (db: Db, order: { projectId: string; now: Date }) =>
      refreshShown({ ...deps, db }, order),
    /** What stays with the former owner of a number, and what does not. */
    release: (db: Db, release: Release) => releaseParties({ ...deps, db }, release),
    /** Since when a number is taken to be somebody else's when nobody says. */
    findSince: (db: Db, lost: Lost) => findSince({ ...deps, db }, lost),
    /** A person, or the order number, says whose these parties are. */
    settle: store.settle,
    /** A person was asked about these and did not name them: they stay held. */
    holdBack: store.holdBack,
    /** Two customers are one person: what was the one's is the other's. */
    moveHolder: store.moveHolder,
    /** Whether the orders of a number name somebody else than those that are surely the customer's. */
    namesDiffer: (db: Db, of: { customerId: number; phoneHmac: Buffer }) =>
      namesDiffer({ ...deps, db }, of),
    pageUndecided: store.pageUndecided,
    pageNumbers: store.pageNumbers,
  }
}
export type Ownership = ReturnType<typeof createOwnership>
export type { Party } from './parties.rules.ts'
export type { PartyRow, ShownRow } from './ownership.rules.ts'
