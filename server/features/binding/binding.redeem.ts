import type { CodeUse, Redeemed } from '../bind-codes/bind-codes.ts'
import type { EventCode } from '../facts.ts'
import { openAttempt, remind } from './binding.attempts.ts'
import type { BindingTx } from './binding.deps.ts'
import { CONFIRMATION_LIFE_MS } from './binding.rules.ts'

/** How a contact used what the page showed, and in which chat. */
export type Use = CodeUse & { openKfId: string; welcome?: EventCode }

/**
 * Uses the code or link, once, and opens an attempt of account and contact. A code that misses is answered in the chat,
 * unless a human has it: the bot has nothing to say there. Where an attempt of the contact waits for a chat that lets its
 * card be sent, this message is what it waited for, whatever the digits were. A link that misses is answered by whoever
 * heard of it.
 */
export async function redeem(tx: BindingTx, use: Use): Promise<Redeemed['kind']> {
  const now = tx.clock()
  const redeemed = await tx.bindCodes.redeem(tx.db, use)
  if (redeemed.kind === 'redeemed') await begin(tx, { ...use, ...redeemed, now })
  else if (
    use.by === 'kf_code' &&
    !use.toPeople &&
    !(await remind(tx, { externalUserId: use.externalUserId, event: null }))
  )
    await tx.chat.tellMissed(tx.db, {
      externalUserId: use.externalUserId,
      openKfId: use.openKfId,
      sourceId: use.msgid,
      pausedUntil: redeemed.pausedUntil,
    })
  return redeemed.kind
}

async function begin(
  tx: BindingTx,
  { accountId, codeId, now, ...use }: Use & { accountId: number; codeId: number; now: Date },
): Promise<void> {
  const { by, externalUserId, openKfId, msgid, sentAt, welcome = null } = use
  await tx.evidence.record(tx.db, {
    kind: by,
    accountId,
    externalUserId,
    sourceId: msgid,
    observedAt: sentAt,
    validUntil: new Date(now.getTime() + CONFIRMATION_LIFE_MS),
  })
  await openAttempt(tx, {
    accountId,
    externalUserId,
    openKfId,
    via: by,
    bindCodeId: codeId,
    sourceId: msgid,
    welcome,
    now,
  })
}
