import type { Db } from '../../lib/db.ts'
import type { Invitation } from './advisors.rules.ts'

type NewInvitation = {
  tokenHash: Buffer
  advisorId: string
  by: string
  now: Date
  expiresAt: Date
}

export const insertInvitation = (db: Db, row: NewInvitation) =>
  db('advisor_invitations').insert({
    token_hash: row.tokenHash,
    advisor_id: row.advisorId,
    issued_by: row.by,
    issued_at: row.now,
    expires_at: row.expiresAt,
  })

export const findInvitation = (db: Db, tokenHash: Buffer) =>
  db('advisor_invitations')
    .where({ token_hash: tokenHash })
    .select({
      advisorId: 'advisor_id',
      expiresAt: 'expires_at',
      usedAt: 'used_at',
      endedAt: 'ended_at',
    })
    .first<Invitation | undefined>()

export const useInvitation = (db: Db, { tokenHash, now }: { tokenHash: Buffer; now: Date }) =>
  db('advisor_invitations').where({ token_hash: tokenHash }).update({ used_at: now })

/** Those that nobody has used lead nowhere any more. */
export const endInvitations = (db: Db, { advisorId, now }: { advisorId: string; now: Date }) =>
  db('advisor_invitations')
    .where({ advisor_id: advisorId })
    .whereNull('used_at')
    .whereNull('ended_at')
    .update({ ended_at: now })

export type Tries = { tries: number; since: Date }

/** Counts a try; those that began before `from` are forgotten. */
export async function countTry(
  db: Db,
  { accountId, from, now }: { accountId: number; from: Date; now: Date },
): Promise<Tries> {
  const { rows } = await db.raw<{ rows: Tries[] }>(
    `
    insert into advisor_join_tries as t (account_id, tries, since) values (:accountId, 1, :now)
    on conflict (account_id) do update set
      tries = case when t.since <= :from then 1 else t.tries + 1 end,
      since = case when t.since <= :from then excluded.since else t.since end
    returning tries, since`,
    { accountId, from: from.toISOString(), now: now.toISOString() },
  )
  return rows[0]!
}

export const forgetTries = (db: Db, accountId: number) =>
  db('advisor_join_tries').where({ account_id: accountId }).delete()
