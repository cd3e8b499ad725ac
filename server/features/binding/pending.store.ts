import type { Db } from '../../lib/db.ts'
import type { EventCode } from '../facts.ts'

export type PendingState = 'open' | 'bound' | 'refused' | 'expired' | 'superseded'
export type Pending = {
  id: string
  accountId: number
  externalUserId: string
  openKfId: string
  via: 'kf_code' | 'kf_link' | 'ticket'
  state: PendingState
  reason: string | null
  sourceId: string
  createdAt: Date
  expiresAt: Date
  decidedAt: Date | null
}
const COLUMNS: Record<keyof Pending, string> = {
  id: 'id',
  accountId: 'account_id',
  externalUserId: 'external_userid',
  openKfId: 'open_kfid',
  via: 'via',
  state: 'state',
  reason: 'reason',
  sourceId: 'source_id',
  createdAt: 'created_at',
  expiresAt: 'expires_at',
  decidedAt: 'decided_at',
}

type NewPending = Pick<
  Pending,
  'id' | 'accountId' | 'externalUserId' | 'openKfId' | 'via' | 'reason' | 'createdAt' | 'expiresAt'
> & { bindCodeId: number | null; sourceId: string; welcome: EventCode | null }

/** Opens a pending binding; whatever was open for this account or this contact gives way to it. */
export async function openPending(db: Db, row: NewPending): Promise<void> {
  await db('pending_bindings')
    .where({ state: 'open' })
    .where((either) =>
      either.where({ account_id: row.accountId }).orWhere({ external_userid: row.externalUserId }),
    )
    .update({ state: 'superseded', reason: 'superseded', decided_at: row.createdAt })
  await db('pending_bindings').insert({
    id: row.id,
    account_id: row.accountId,
    external_userid: row.externalUserId,
    open_kfid: row.openKfId,
    via: row.via,
    bind_code_id: row.bindCodeId,
    source_id: row.sourceId,
    welcome_code: row.welcome?.code ?? null,
    welcome_until: row.welcome?.until ?? null,
    reason: row.reason,
    created_at: row.createdAt,
    expires_at: row.expiresAt,
  })
}

export const findPending = (db: Db, id: string) =>
  db('pending_bindings').where({ id }).select(COLUMNS).first<Pending | undefined>()

export const findOpenOfContact = (db: Db, externalUserId: string, now: Date) =>
  db('pending_bindings')
    .where({ external_userid: externalUserId, state: 'open' })
    .where('expires_at', '>', now)
    .select(COLUMNS)
    .first<Pending | undefined>()

export const findLatestPending = (db: Db, accountId: number) =>
  db('pending_bindings')
    .where({ account_id: accountId })
    .orderBy('created_at', 'desc')
    .select(COLUMNS)
    .first<Pending | undefined>()

/** Moves an open pending binding; answers whether it still was open. */
export async function movePending(
  db: Db,
  id: string,
  to: { state?: PendingState; reason: string | null; now: Date; lifeMs?: number },
): Promise<boolean> {
  const decided = to.state !== undefined && to.state !== 'open'
  const moved = await db('pending_bindings')
    .where({ id, state: 'open' })
    .update({
      ...(to.state && { state: to.state }),
      reason: to.reason,
      ...(decided && { decided_at: to.now }),
      ...(to.lifeMs && { expires_at: new Date(to.now.getTime() + to.lifeMs) }),
    })
  return moved > 0
}

/**
 * An account became tied to a contact by whatever way: what it had open is over, and so is what others had begun with a mere card
 * of this contact. Nobody is told. What was begun after the tie is another matter, also for a job that runs twice.
 */
export const endAttemptsOfTied = (
  db: Db,
  { accountId, externalUserId, now }: { accountId: number; externalUserId: string; now: Date },
) =>
  db('pending_bindings')
    .where({ state: 'open' })
    .whereExists((tie) =>
      tie
        .select('t.id')
        .from('customer_accounts as t')
        .where({ 't.account_id': accountId, 't.external_userid': externalUserId })
        .whereNull('t.ended_at')
        .whereRaw('pending_bindings.created_at <= t.tied_at'),
    )
    .where((either) =>
      either
        .where({ account_id: accountId })
        .orWhere((card) =>
          card
            .where({ external_userid: externalUserId, reason: 'card_opened' })
            .whereIn(
              'account_id',
              db('accounts as a')
                .join('accounts as b', 'b.app', 'a.app')
                .where('a.id', accountId)
                .select('b.id'),
            ),
        ),
    )
    .update({
      state: db.raw(
        `case when account_id = ? and external_userid = ? then 'bound' else 'superseded' end`,
        [accountId, externalUserId],
      ),
      reason: db.raw(
        `case when account_id = ? and external_userid = ? then null else 'superseded' end`,
        [accountId, externalUserId],
      ),
      decided_at: now,
    })

/** Attempts whose tap did not come. */
export const expireAttempts = (db: Db, now: Date) =>
  db('pending_bindings')
    .where({ state: 'open' })
    .where('expires_at', '<=', now)
    .update({ state: 'expired', reason: 'code_expired', decided_at: now })

/** Tickets, attempts and codes that ended before then; what something younger still points to stays with it. */
export async function forgetEnded(db: Db, before: Date): Promise<void> {
  await db('tickets').where('expires_at', '<', before).delete()
  await db('pending_bindings as p')
    .where('p.expires_at', '<', before)
    .whereNot('p.state', 'open')
    .whereNotExists((kept) =>
      kept.select('t.id').from('tickets as t').whereRaw('t.pending_id = p.id'),
    )
    .delete()
  await db('bind_codes as c')
    .where('c.expires_at', '<', before)
    .whereNot('c.status', 'live')
    .whereNotExists((kept) =>
      kept.select('p.id').from('pending_bindings as p').whereRaw('p.bind_code_id = c.id'),
    )
    .delete()
}

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

/** The welcome code an attempt came with, while the platform remembers it. */
export const findWelcome = async (db: Db, id: string, now: Date): Promise<string | null> =>
  (
    await db('pending_bindings')
      .where({ id })
      .where('welcome_until', '>', now)
      .first<{ welcome_code: string | null } | undefined>('welcome_code')
  )?.welcome_code ?? null

/** The same, while nothing has been ordered to be sent with it. */
export const findUnspentWelcome = async (db: Db, id: string, now: Date): Promise<string | null> =>
  (await findLatestTicket(db, id)) === null ? findWelcome(db, id, now) : null

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

/** Uses a ticket, once. */
export async function redeemTicket(
  db: Db,
  id: string,
  accountId: number,
  outcome: string,
  now: Date,
): Promise<boolean> {
  const claimed = await db('tickets')
    .where({ id })
    .whereNull('used_at')
    .where('expires_at', '>', now)
    .update({ used_at: now, used_by: accountId, outcome })
  return claimed > 0
}
