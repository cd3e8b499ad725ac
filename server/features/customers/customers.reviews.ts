import type { Tx } from './customers.deps.ts'
import type { Closing } from '../reviews/reviews.ts'
import { lockNumbers } from './customers.locks.ts'
import { considerNumbers } from './customers.numbers.ts'
import * as store from './customers.store.ts'
import * as history from './history.store.ts'

/** Somebody has looked: what was in question because of it is no more. Answers what it was, or undefined. */
export async function closeReview(tx: Tx, closing: Closing): Promise<object | undefined> {
  const named = await tx.reviews.findNumbers(tx.db, closing.id)
  await lockNumbers(tx.db, named)
  const closed = await tx.reviews.close(tx.db, closing)
  if (closed) await considerNumbers(tx, { phoneHmacs: named, now: closing.now })
  return closed
}

export type Resumption = { customerId: number; operator: string; now: Date }

/** An admin has looked: the permission that rested counts again (D15). */
export async function resume(tx: Tx, { customerId, operator, now }: Resumption): Promise<void> {
  await store.setSuspended(tx.db, { id: customerId, reason: null, now })
  await tx.reviews.closeAboutCustomer(tx.db, {
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
