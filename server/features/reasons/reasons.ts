import type { Why, WhyCode } from '../../../shared/api/why.ts'
import { tellWhy } from '../../../shared/why.ts'
import type { Db } from '../../lib/db.ts'
import type { Customers } from '../customers/customers.ts'
import * as store from './reasons.store.ts'
import { findWhy, findWhyOfAccount, type WhyFacts } from './why.rules.ts'

type Deps = { customers: Pick<Customers, 'explainFollows'>; clock: () => Date }
export type Reason = Pick<WhyFacts, 'mayQuery' | 'shownOrders' | 'heldOrders'> & { code: WhyCode }
/** Where the account of a customer stands: as far as one statement tells, so that who sees his orders costs no more. */
type Standing = {
  customerId: number | null
  mayQuery: boolean
  /** There is an order that he sees. */
  sees: boolean
  /** It was tied, and is not any more. */
  ended: boolean
}

/**
 * Why somebody may or may not see projects, by the tables that decide it: one code for the admin, the member and the
 * customer. Owns no table, has no door, changes nothing and decides nothing.
 */
export function createReasons(deps: Deps) {
  return {
    /** Of each of these customers; who is part of another by now is left out. */
    explain: (db: Db, customerIds: readonly number[]) => explain(deps, { db, customerIds }),
    /** Of an account, in its owner's words. */
    tellAccount: (db: Db, standing: Standing) => tellAccount(deps, { db, standing }),
  }
}
export type Reasons = ReturnType<typeof createReasons>

async function explain(
  deps: Deps,
  { db, customerIds }: { db: Db; customerIds: readonly number[] },
): Promise<Map<number, Reason>> {
  const rows = await store.pageRows(db, { ids: customerIds, now: deps.clock() })
  const reasons = await Promise.all(
    rows.map(async ({ id, contact, ...row }): Promise<[number, Reason]> => {
      const code = findWhy({ ...row, proofs: await findProofs(deps, { db, contact, row }) })
      const { mayQuery, shownOrders, heldOrders } = row
      return [id, { code, mayQuery, shownOrders, heldOrders }]
    }),
  )
  return new Map(reasons)
}

type Unproven = Pick<WhyFacts, 'mayQuery' | 'proven' | 'followed'>

/** Asked only where it makes a difference. */
const findProofs = async (
  { customers, clock }: Deps,
  { db, contact, row }: { db: Db; contact: string | null; row: Unproven },
) =>
  contact === null || row.mayQuery || row.proven || !row.followed
    ? []
    : customers.explainFollows(db, { externalUserId: contact, now: clock() })

async function tellAccount(
  deps: Deps,
  { db, standing }: { db: Db; standing: Standing },
): Promise<Why> {
  const { customerId, mayQuery } = standing
  const reason =
    customerId === null || mayQuery
      ? undefined
      : (await explain(deps, { db, customerIds: [customerId] })).get(customerId)
  return tellWhy(reason?.code ?? findWhyOfAccount(standing), 'customer')
}
