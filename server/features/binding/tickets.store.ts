import type { Db } from '../../lib/db.ts'

export type Ticket = {
  id: string
  kind: 'kf' | 'welcome'
  pendingId: string | null
  externalUserId: string
  expiresAt: Date
  usedAt: Date | null
  usedBy: number | null
}
const TICKET_COLUMNS: Record<keyof Ticket, string> = {
  id: 'id',
  kind: 'kind',
  pendingId: 'pending_id',
  externalUserId: 'external_userid',
  expiresAt: 'expires_at',
  usedAt: 'used_at',
  usedBy: 'used_by',
}

/** The confirmation of an attempt that was ordered last. */
export const findLatestTicket = async (db: Db, pendingId: string): Promise<string | null> =>
  (
    await db('tickets')
      .where({ pending_id: pendingId })
      .orderBy('issued_at', 'desc')
      .first<{ id: string } | undefined>('id')
  )?.id ?? null

export const insertTicket = (
  db: Db,
  row: {
    id: string
    tokenHash: Buffer
    pendingId: string
    externalUserId: string
    issuedAt: Date
    expiresAt: Date
  },
) =>
  db('tickets')
    .insert({
      id: row.id,
      token_hash: row.tokenHash,
      kind: 'kf',
      pending_id: row.pendingId,
      external_userid: row.externalUserId,
      issued_at: row.issuedAt,
      expires_at: row.expiresAt,
    })
    .onConflict('id')
    .ignore()

export const insertWelcomeTicket = (
  db: Db,
  row: {
    id: string
    tokenHash: Buffer
    externalUserId: string
    userId: string
    issuedAt: Date
    expiresAt: Date
  },
) =>
  db('tickets').insert({
    id: row.id,
    token_hash: row.tokenHash,
    kind: 'welcome',
    external_userid: row.externalUserId,
    member_userid: row.userId,
    issued_at: row.issuedAt,
    expires_at: row.expiresAt,
  })

export const findTicket = (db: Db, tokenHash: Buffer) =>
  db('tickets').where({ token_hash: tokenHash }).select(TICKET_COLUMNS).first<Ticket | undefined>()

export const findTicketKind = async (db: Db, id: string): Promise<Ticket['kind'] | undefined> =>
  (await db('tickets').where({ id }).first<{ kind: Ticket['kind'] } | undefined>('kind'))?.kind

/** The name of the member whose welcome carried the ticket; who has left is not named. */
export const findAdvisorName = async (db: Db, id: string): Promise<string | null> =>
  (
    await db('tickets as t')
      .join('members as m', 'm.userid', 't.member_userid')
      .where('t.id', id)
      .whereNotIn('m.standing', ['gone', 'disabled'])
      .first<{ name: string | null } | undefined>('m.name')
  )?.name ?? null

export const findTicketUser = async (db: Db, id: string): Promise<number | null> =>
  (await db('tickets').where({ id }).first<{ used_by: number | null } | undefined>('used_by'))
    ?.used_by ?? null

type TicketUse = {
  id: string
  accountId: number
  outcome: 'issuer' | 'other' | 'opener'
  now: Date
}

/** Uses a ticket, once. */
export async function redeemTicket(
  db: Db,
  { id, accountId, outcome, now }: TicketUse,
): Promise<boolean> {
  const redeemed = await db('tickets')
    .where({ id })
    .whereNull('used_at')
    .where('expires_at', '>', now)
    .update({ used_at: now, used_by: accountId, outcome })
  return redeemed > 0
}

export const forgetTickets = (db: Db, before: Date) =>
  db('tickets').where('expires_at', '<', before).delete()
