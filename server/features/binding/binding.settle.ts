import { inTransaction } from '../../lib/db.ts'
import { askToConfirm, end } from './binding.attempts.ts'
import type { BindingDeps, BindingTx } from './binding.deps.ts'
import * as pendings from './pending.store.ts'

/** The unionid of the contact could not be learned yet; the job is tried again (D15). */
export class ContactUnknown extends Error {}

/** Looks who the contact is, then lets the table decide about an open attempt. */
export async function settle(deps: BindingDeps, pendingId: string): Promise<void> {
  const open = await pendings.findPending(deps.db, pendingId)
  if (open?.state !== 'open') return
  await deps.contacts.identify(open.externalUserId)
  await inTransaction(deps, async (tx) => {
    const { accountId, externalUserId } = open
    await tx.ties.lock(tx.db, { accountIds: [accountId], externalUserIds: [externalUserId] })
    const pending = await pendings.findPending(tx.db, pendingId)
    if (pending?.state === 'open') await decide(tx, pending)
  })
}

async function decide(tx: BindingTx, pending: pendings.Pending): Promise<void> {
  const { id, accountId, externalUserId } = pending
  const now = tx.clock()
  if (pending.expiresAt <= now) {
    await pendings.movePending(tx.db, { id, state: 'expired', reason: 'code_expired', now })
    return
  }
  // Who opened a welcome card may be somebody else, and never have been in the chat: there is no result to tell there.
  const toldInChat = pending.reason !== 'card_opened'
  const proof = { kind: 'code' as const }
  const pair = { accountId, externalUserId, proof, toldInChat, now }
  const { outcome } = await tx.ties.considerPair(tx.db, pair)
  if (outcome.kind === 'wait')
    throw new ContactUnknown('the unionid of the contact is not known yet')
  if (outcome.kind === 'ask') await askToConfirm(tx, { pending, event: null })
  else if (outcome.kind === 'tie' && !toldInChat)
    await pendings.movePending(tx.db, { id, state: 'bound', reason: null, now })
  else await end(tx, { pending, how: outcome.kind === 'refuse' ? outcome.reason : 'bound', now })
}
