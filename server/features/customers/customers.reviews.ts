import type { Tx } from './customers.deps.ts'
import { lockNumbers } from './customers.locks.ts'
import { considerNumbers } from './customers.numbers.ts'
import * as store from './customers.store.ts'
import * as history from './history.store.ts'
import * as reviews from './reviews.store.ts'

export type Closing = Parameters<typeof reviews.closeReview>[1]

/** Somebody has looked: what was in question because of it is no more. Answers what it was, or undefined. */
export async function closeReview(tx: Tx, closing: Closing): Promise<object | undefined> {
  const named = await reviews.findNumbersOfReview(tx.db, closing.id)
  await lockNumbers(tx.db, named)
  const closed = await reviews.closeReview(tx.db, closing)
  if (closed) await considerNumbers(tx, { phoneHmacs: named, now: closing.now })
  return closed
}

export type Resumption = { customerId: number; operator: string; now: Date }

/** An admin has looked: the permission that rested counts again (D15). */
export async function resume(tx: Tx, { customerId, operator, now }: Resumption): Promise<void> {
  await store.setSuspended(tx.db, { id: customerId, reason: null, now })
  await reviews.closeReviewsOfCustomer(tx.db, {
    customerId,
    kind: 'unionid_mismatch',
    by: operator,
    reason: 'resumed',
    now,
  })
  await history.insertHistory(tx.db, {
    now,
    customerId,
    decision: 'an admin looked',
    outcome: 'resume',
    actor: operator,
  })
}
