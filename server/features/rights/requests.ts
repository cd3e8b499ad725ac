import { inTransaction } from '../../lib/db.ts'
import { toPage } from '../../lib/pages.ts'
import * as store from './requests.store.ts'
import type { Operator, RightsDeps } from './rights.deps.ts'

const DAY_MS = 24 * 3_600_000
/** Of either kind, also those that were declined. */
const A_DAY = 4

export type Asked =
  | { kind: 'asked'; requests: store.RequestRow[] }
  | { kind: 'refused'; reason: 'open' | 'too_often' }

/** One open request of a kind at a time: whoever taps twice has asked once. */
export const ask = (
  deps: RightsDeps,
  { accountId, kind }: { accountId: number; kind: store.Kind },
): Promise<Asked> =>
  inTransaction(deps, async ({ db, clock }): Promise<Asked> => {
    await store.lockRequests(db, accountId)
    const before = await store.pageOfAccount(db, accountId)
    if (before.some((one) => one.kind === kind && one.closedAt === null))
      return { kind: 'refused', reason: 'open' }
    const now = clock()
    const since = new Date(now.getTime() - DAY_MS)
    if ((await store.countSince(db, { accountId, since })) >= A_DAY)
      return { kind: 'refused', reason: 'too_often' }
    await store.insertRequest(db, { accountId, kind, now })
    return { kind: 'asked', requests: await store.pageOfAccount(db, accountId) }
  })

type Listing = { state: 'open' | 'done'; before: number | null; limit: number }

/** A page, the newest first; `next` is the mark of the one behind it. */
export async function list({ db }: RightsDeps, { limit, ...look }: Listing) {
  const found = await store.pageRequests(db, { ...look, limit: limit + 1 })
  return toPage(found, limit)
}

type Declining = { id: number; reason: string; operator: Operator }

/** Closes a request without doing what it asks for. */
export const decline = (
  deps: RightsDeps,
  { id, reason, operator }: Declining,
): Promise<'declined' | 'closed' | 'unknown'> =>
  inTransaction(deps, async (tx) => {
    const now = tx.clock()
    const declined = await store.declineRequest(tx.db, { id, reason, by: operator.name, now })
    if (!declined) return (await store.isKnown(tx.db, id)) ? 'closed' : 'unknown'
    await tx.audit.record(tx.db, {
      operator: operator.name,
      requestId: operator.requestId,
      operation: 'rights.declined',
      target: { type: 'rights_request', id: String(id) },
      before: { kind: declined.kind, state: 'open' },
      after: { state: 'declined' },
      reason,
      now,
    })
    return 'declined'
  })
