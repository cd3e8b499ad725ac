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

export type Joined =
  | { kind: 'joined' }
  | { kind: 'too_often'; waitMs: number }
  | { kind: 'refused'; reason: 'invalid' | 'other_advisor' }
type Coming = { invite: string; accountId: number; requestId: string }

/** An account takes an invitation, and is this advisor instead of the account that was. */
export const join = (deps: AdvisorsDeps, coming: Coming): Promise<Joined> =>
  inTransaction(deps, async (tx): Promise<Joined> => {
    const { accountId } = coming
    const now = tx.clock()
    // The first thing: it holds the account, which an erasure holds before it reaches what the account is.
    const tried = await invitations.countTry(tx.db, {
      accountId,
      from: new Date(now.getTime() - TRIES.withinMs),
      now,
    })
    const waitMs = findJoinWait(tried, now)
    if (waitMs > 0) return { kind: 'too_often', waitMs }
    await store.lockAdvisors(tx.db)
    const tokenHash = sha256(coming.invite)
    const invitation = await invitations.findInvitation(tx.db, tokenHash)
    const isAdvisor = (await store.findOfAccount(tx.db, accountId))?.advisorId
    const decided = decideJoin({ invitation, isAdvisor, now })
    if (decided !== 'join') return { kind: 'refused', reason: decided }
    await invitations.useInvitation(tx.db, { tokenHash, now })
    await takeIn(tx, { ...coming, advisorId: invitation!.advisorId, now })
    return { kind: 'joined' }
  })

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
