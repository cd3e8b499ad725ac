import type { WhyCode } from '../../../shared/api/why.ts'
import { tellCustomer, type Told } from '../../../shared/why-customer.ts'
import type { Db } from '../../lib/db.ts'
import type { Customers } from '../customers/customers.ts'
import * as store from './reasons.store.ts'
import {
  findWhy,
  findWhyOfAccount,
  isLive,
  toStated,
  type Claim,
  type WhyFacts,
} from './why.rules.ts'

export type { Claim } from './why.rules.ts'

type Deps = {
  customers: Pick<Customers, 'explainFollows'>
  timeZone: string
  clock: () => Date
}
export type Reason = Pick<WhyFacts, 'tied' | 'mayQuery' | 'shownOrders' | 'heldOrders'> & {
  code: WhyCode
  claim: Claim | null
}
/** Where the account of a customer stands: as far as one statement tells, so that who sees his orders costs no more. */
type Standing = {
  customerId: number | null
  mayQuery: boolean
  /** There is an order that he sees. */
  sees: boolean
  /** It was tied, and is not any more. */
  ended: boolean
  /** What an account that is tied to nobody has said of its phone; of others the customer's row tells. */
  claim?: Claim | null
}

/**
 * Why somebody may or may not see projects, by the tables that decide it: one code for the admin, the member and the
 * customer. Owns no table, has no door, changes nothing and decides nothing.
 */
export function createReasons(deps: Deps) {
  return {
    /** Of each of these customers; who is part of another by now is left out. */
    explain: (db: Db, customerIds: readonly number[]) => explain(deps, { db, customerIds }),
    /** Of an account, in its owner's words, with what he does next. */
    tellAccount: (db: Db, standing: Standing) => tellAccount(deps, { db, standing }),
    /** The same of the customer that a contact is, in its chat; null: no account is tied to it. */
    tellContact: (db: Db, externalUserId: string) => tellContact(deps, { db, externalUserId }),
  }
}
export type Reasons = ReturnType<typeof createReasons>

async function explain(
  deps: Deps,
  { db, customerIds }: { db: Db; customerIds: readonly number[] },
): Promise<Map<number, Reason>> {
  const now = deps.clock()
  const rows = await store.pageRows(db, { ids: customerIds, now })
  const reasons = await Promise.all(
    rows.map(async ({ id, contact, ...row }): Promise<[number, Reason]> => {
      const proofs = await findProofs(deps, { db, contact, row })
      const code = findWhy({ ...row, proofs, phoneStated: isLive(row.claim, now) })
      const { tied, mayQuery, shownOrders, heldOrders, claim } = row
      return [id, { code, tied, mayQuery, shownOrders, heldOrders, claim }]
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
): Promise<Told> {
  const { customerId, mayQuery, claim = null } = standing
  const reason =
    customerId === null || mayQuery
      ? undefined
      : (await explain(deps, { db, customerIds: [customerId] })).get(customerId)
  const { code, ...said } = reason ?? { code: findWhyOfAccount(standing), claim }
  return tell(deps, { code, claim: said.claim })
}

async function tellContact(
  deps: Deps,
  { db, externalUserId }: { db: Db; externalUserId: string },
): Promise<Told | null> {
  const customerId = await store.findCustomerOf(db, externalUserId)
  if (customerId === undefined) return null
  const reason = (await explain(deps, { db, customerIds: [customerId] })).get(customerId)
  return reason?.tied === true ? tell(deps, reason) : null
}

const tell = (
  { clock, timeZone }: Deps,
  { code, claim }: { code: WhyCode; claim: Claim | null },
): Told => tellCustomer(code, toStated(claim, { now: clock(), timeZone }))
