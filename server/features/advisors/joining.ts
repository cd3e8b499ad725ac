import { inTransaction } from '../../lib/db.ts'
import { randomToken, sha256 } from '../../lib/secrets.ts'
import { record, type AdvisorsDeps, type By, type Tx } from './advisors.deps.ts'
import { decideJoin, findJoinWait, INVITATION_MS, TRIES } from './advisors.rules.ts'
import * as store from './advisors.store.ts'
import * as invitations from './invitations.store.ts'

export type Invited =
  | { kind: 'invited'; invite: string; expiresAt: Date }
  | { kind: 'refused'; reason: 'unknown' | 'inactive' }

/** A new invitation, told once; the one before it leads nowhere any more. */
export const invite = (
  deps: AdvisorsDeps,
  { advisorId, by }: { advisorId: string; by: By },
): Promise<Invited> =>
  inTransaction(deps, async (tx): Promise<Invited> => {
    await store.lockAdvisors(tx.db)
    const advisor = await store.findAdvisor(tx.db, advisorId)
    if (!advisor?.active) return { kind: 'refused', reason: advisor ? 'inactive' : 'unknown' }
    const token = randomToken(128)
    const now = tx.clock()
    const expiresAt = new Date(now.getTime() + INVITATION_MS)
    await invitations.endInvitations(tx.db, { advisorId, now })
    await invitations.insertInvitation(tx.db, {
      tokenHash: sha256(token),
      advisorId,
      by: by.name,
      now,
      expiresAt,
    })
    const after = { expiresAt: expiresAt.toISOString() }
    await record(tx, { by, operation: 'advisor.invited', advisorId, before: null, after, now })
    return { kind: 'invited', invite: token, expiresAt }
  })

type NotJoined =
  { kind: 'too_often'; waitMs: number } | { kind: 'refused'; reason: 'invalid' | 'other_advisor' }
export type Joined = { kind: 'joined' } | NotJoined
export type Looked = { kind: 'looked'; name: string } | NotJoined
type Coming = { invite: string; accountId: number; requestId: string }

/** Whose invitation it is, before the account takes it; a try like any other. */
export const lookAtInvitation = (
  deps: AdvisorsDeps,
  coming: Omit<Coming, 'requestId'>,
): Promise<Looked> =>
  inTransaction(deps, async (tx): Promise<Looked> => {
    const waitMs = await countTry(tx, coming.accountId)
    if (waitMs > 0) return { kind: 'too_often', waitMs }
    const judged = await judge(tx, coming)
    if (judged.kind !== 'open') return judged
    return { kind: 'looked', name: (await store.findAdvisor(tx.db, judged.advisorId))!.name }
  })

/** An account takes an invitation, and is this advisor instead of the account that was. */
export const join = (deps: AdvisorsDeps, coming: Coming): Promise<Joined> =>
  inTransaction(deps, async (tx): Promise<Joined> => {
    // The first thing: it holds the account, which an erasure holds before it reaches what the account is.
    const waitMs = await countTry(tx, coming.accountId)
    if (waitMs > 0) return { kind: 'too_often', waitMs }
    await store.lockAdvisors(tx.db)
    const judged = await judge(tx, coming)
    if (judged.kind !== 'open') return judged
    const now = tx.clock()
    await invitations.useInvitation(tx.db, { tokenHash: sha256(coming.invite), now })
    await takeIn(tx, { ...coming, advisorId: judged.advisorId, now })
    return { kind: 'joined' }
  })

/** How long the account has to wait, in ms. */
async function countTry(tx: Tx, accountId: number): Promise<number> {
  const now = tx.clock()
  const from = new Date(now.getTime() - TRIES.withinMs)
  return findJoinWait(await invitations.countTry(tx.db, { accountId, from, now }), now)
}

async function judge(
  tx: Tx,
  { invite: token, accountId }: Omit<Coming, 'requestId'>,
): Promise<{ kind: 'open'; advisorId: string } | Extract<NotJoined, { kind: 'refused' }>> {
  const invitation = await invitations.findInvitation(tx.db, sha256(token))
  const isAdvisor = (await store.findOfAccount(tx.db, accountId))?.advisorId
  const decided = decideJoin({ invitation, isAdvisor, now: tx.clock() })
  return decided === 'join'
    ? { kind: 'open', advisorId: invitation!.advisorId }
    : { kind: 'refused', reason: decided }
}

async function takeIn(
  tx: Tx,
  { advisorId, accountId, requestId, now }: Coming & { advisorId: string; now: Date },
): Promise<void> {
  const former = (await store.findAdvisor(tx.db, advisorId))!.accountId
  await store.setAccount(tx.db, { advisorId, accountId, now })
  await invitations.forgetTries(tx.db, accountId)
  await record(tx, {
    by: { name: `account:${String(accountId)}`, requestId },
    operation: 'advisor.joined',
    advisorId,
    before: { accountId: former },
    after: { accountId },
    now,
  })
}
