// The desk of the company's members: keeps staff_sessions, and staff_notices, staff_tie_notices and staff_bound_notices (who
// was told of what, once). Woken by its pages and API, by a phone that was claimed, a tie made or ended, a number asked about,
// a member who left, and by the clock. Reads who waits for members to do something (lists.ts); asks admins at `reviews`. Tells
// members by app message (notices.ts), by day only; signs them in through WeCom (sign-in.ts). No facts of its own.
import type { JssdkSignature } from '../../../shared/api/staff.ts'
import { inTransaction, type Db, type Within } from '../../lib/db.ts'
import { randomToken } from '../../lib/secrets.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { Audit } from '../audit/audit.ts'
import type { Customers } from '../customers/customers.ts'
import type { Members } from '../members/members.ts'
import type { Reviews } from '../reviews/reviews.ts'
import * as lists from './lists.store.ts'
import { isOwnPage } from './staff.rules.ts'
import * as store from './staff.store.ts'

type Deps = {
  db: Db
  audit: Pick<Audit, 'record'>
  customers: Pick<Customers, 'lockPeople'>
  reviews: Pick<Reviews, 'ask'>
  members: Pick<Members, 'nameOf'>
  platforms: Pick<Wecom, 'jssdk'>
  corpId: string
  agentId: number
  baseUrl: string | null
  clock: () => Date
}

type By = { userId: string; requestId: string }
export type Revealed =
  { kind: 'revealed'; phone: string } | { kind: 'not_waiting' } | { kind: 'too_many' }
export type Submission =
  | { kind: 'submitted'; at: Date }
  /** Not (any more) a bound customer of this member who waits because of how he was added. */
  | { kind: 'unknown' }
  /** Admins have looked at this very add, and opened nothing. */
  | { kind: 'looked' }

/** Nobody adds more customers in an hour; who looks at more phones collects them. */
const REVEALS_PER_HOUR = 60
const HOUR_MS = 3_600_000

/** What members do on their H5 pages; what they see there: lists.ts. */
export function createStaff(deps: Deps) {
  return {
    /** How a member is called; his userid while WeCom has told no name. */
    nameOf: async (userId: string): Promise<string> =>
      (await deps.members.nameOf(userId)) ?? userId,
    /** The full phone of a customer who waits, written down in the operation log. */
    reveal: (claimId: number, by: By) => reveal(deps, { claimId, ...by }),
    /** Asks admins about a customer whom the member has added in a way that proves nothing; one open question for each, in the log. */
    submit: (customerId: number, by: By) => submit(deps, { customerId, ...by }),
    /** Signatures for the JS-SDK on a page of ours; null for any other page. */
    signPage: (url: string) => signPage(deps, url),
  }
}
export type Staff = ReturnType<typeof createStaff>

async function reveal(
  deps: Deps,
  { claimId, userId, requestId }: By & { claimId: number },
): Promise<Revealed> {
  return inTransaction(deps, async (tx): Promise<Revealed> => {
    await store.lockReveals(tx.db, userId)
    const now = tx.clock()
    const found = await store.findWaitingPhone(tx.db, { id: claimId, now })
    if (!found) return { kind: 'not_waiting' }
    const since = new Date(now.getTime() - HOUR_MS)
    const others = await store.countOtherReveals(tx.db, { userId, claimId, since })
    if (others >= REVEALS_PER_HOUR) return { kind: 'too_many' }
    await tx.audit.record(tx.db, {
      operator: userId,
      operation: 'claim.phone_revealed',
      target: { type: 'claim', id: String(claimId) },
      before: null,
      after: { phone: found.phone },
      requestId,
      now,
    })
    return { kind: 'revealed', phone: found.phone }
  })
}

type Submitting = By & { customerId: number }

async function submit(deps: Deps, submitting: Submitting): Promise<Submission> {
  const { userId, customerId: id } = submitting
  const [seen] = await lists.pageOtherwise(deps.db, { userId, id })
  if (!seen) return { kind: 'unknown' }
  return inTransaction(deps, async (tx): Promise<Submission> => {
    const externalUserIds = [seen.contact]
    await tx.customers.lockPeople(tx.db, { externalUserIds, phoneHmacs: [] })
    const [row] = await lists.pageOtherwise(tx.db, { userId, id })
    if (!row) return { kind: 'unknown' }
    if (row.looked === true) return { kind: 'looked' }
    return row.askedAt === null ? askAdmins(tx, { ...submitting, row }) : toSubmitted(row.askedAt)
  })
}

const toSubmitted = (at: Date): Submission => ({ kind: 'submitted', at })

async function askAdmins(
  tx: Within<Deps>,
  { userId, requestId, row }: Submitting & { row: lists.Otherwise },
): Promise<Submission> {
  const now = tx.clock()
  const { contact: externalUserId, since: followedAt } = row
  const kind = 'added_otherwise'
  await tx.reviews.ask(tx.db, {
    kind,
    externalUserId,
    userId: row.follow.userId,
    detail: { followedAt },
    now,
  })
  await tx.audit.record(tx.db, {
    operator: userId,
    operation: 'contact.submitted',
    target: { type: 'contact', id: externalUserId },
    before: null,
    after: { review: kind },
    requestId,
    now,
  })
  return toSubmitted(now)
}

async function signPage(
  { platforms: { jssdk }, corpId, agentId, baseUrl, clock }: Deps,
  url: string,
): Promise<JssdkSignature | null> {
  if (baseUrl === null || !isOwnPage(url, baseUrl)) return null
  const stamp = { nonceStr: randomToken(128), timestamp: Math.floor(clock().getTime() / 1000), url }
  const [config, agentConfig] = await Promise.all([
    jssdk.sign('config', stamp),
    jssdk.sign('agentConfig', stamp),
  ])
  const { nonceStr, timestamp } = stamp
  return {
    config: { corpId, nonceStr, timestamp, signature: config },
    agentConfig: { corpId, agentId, nonceStr, timestamp, signature: agentConfig },
  }
}
