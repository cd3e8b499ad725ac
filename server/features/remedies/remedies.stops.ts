import { inTransaction } from '../../lib/db.ts'
import { nameOf, type RemediesDeps, type Remedy } from './remedies.deps.ts'
import * as store from './remedies.store.ts'

export type Lifted = 'lifted' | 'tries_forgotten' | 'nothing' | 'unknown'

/** A contact that was paused may try codes again. */
export const liftStop = (
  deps: RemediesDeps,
  { externalUserId, reason, operator }: Remedy & { externalUserId: string },
): Promise<Lifted> =>
  inTransaction(deps, async (tx) => {
    const now = tx.clock()
    const before = await tx.bindCodes.liftStop(tx.db, externalUserId)
    if (before.tries + before.pauses === 0)
      return (await store.isKnownContact(tx.db, externalUserId)) ? 'nothing' : 'unknown'
    await tx.audit.record(tx.db, {
      operator: nameOf(operator),
      operation: 'contact.code_stop_lifted',
      target: { type: 'contact', id: externalUserId },
      before,
      after: { tries: 0, pauses: 0 },
      reason,
      detail: `key ${operator.key}`,
      requestId: operator.requestId,
      now,
    })
    return before.pauses > 0 ? 'lifted' : 'tries_forgotten'
  })
