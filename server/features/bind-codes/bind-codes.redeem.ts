import type { BindCodesTx } from './bind-codes.deps.ts'
import { findStop, noteWrong } from './bind-codes.limits.ts'
import { CODE } from './bind-codes.rules.ts'
import * as codes from './codes.store.ts'

/** How a contact used what the page showed. `hash` is base64, from hashTry or hashNonce. */
export type CodeUse = {
  by: 'kf_code' | 'kf_link'
  hash: string
  externalUserId: string
  sentAt: Date
  msgid: string
  /** A human has the chat: what is no code is for him. */
  toPeople?: boolean
}

/** `missed`: unknown, expired and used alike. `paused`, `to_people`: not even looked at. */
export type Redeemed =
  | { kind: 'redeemed'; codeId: number; accountId: number }
  | { kind: 'missed' | 'paused' | 'to_people'; pausedUntil: Date | null }

/** A link that misses is not a try: its nonce cannot be guessed. */
export const redeem = (tx: BindCodesTx, use: CodeUse): Promise<Redeemed> =>
  (use.by === 'kf_code' ? redeemCode : redeemLink)(tx, { ...use, now: tx.clock() })

type UseNow = CodeUse & { now: Date }

async function redeemLink(tx: BindCodesTx, use: UseNow): Promise<Redeemed> {
  const key: codes.CodeKey = { by: 'nonce_hash', hash: Buffer.from(use.hash, 'base64') }
  return (await takeCode(tx, { ...use, key })) ?? { kind: 'missed', pausedUntil: null }
}

async function redeemCode(tx: BindCodesTx, use: UseNow): Promise<Redeemed> {
  const { externalUserId, toPeople = false, now } = use
  const stop = await findStop(tx.db, { externalUserId, toPeople, now })
  if (stop) return { kind: stop.how, pausedUntil: stop.how === 'paused' ? stop.until : null }
  const codeHmac = Buffer.from(use.hash, 'base64')
  const taken = await takeCode(tx, { ...use, key: { by: 'code_hmac', hash: codeHmac } })
  if (taken) return taken
  const wrong = { externalUserId, sourceId: use.msgid, codeHmac, toPeople, now }
  return { kind: 'missed', pausedUntil: await noteWrong(tx, wrong) }
}

/** One use ends the other live codes of the account. */
async function takeCode(
  tx: BindCodesTx,
  { key, externalUserId, sentAt, now }: UseNow & { key: codes.CodeKey },
): Promise<Extract<Redeemed, { kind: 'redeemed' }> | undefined> {
  const owner = await codes.findOwner(tx.db, key)
  if (!owner) return undefined
  await tx.ties.lock(tx.db, {
    accountIds: [owner.accountId],
    externalUserIds: [externalUserId],
  })
  const code = await codes.redeemCode(tx.db, {
    key,
    sentAt,
    toleranceMs: CODE.toleranceMs,
    now,
  })
  if (!code) return undefined
  const { id: codeId, accountId } = code
  await codes.endOthers(tx.db, { accountId, now })
  return { kind: 'redeemed', codeId, accountId }
}
