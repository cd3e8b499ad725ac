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

/** Said in the text of a statement: by a parameter Postgres could not tell that the index of open ones serves it. */
const OPEN = `state = 'open'`

type NewPending = Pick<
  Pending,
  'id' | 'accountId' | 'externalUserId' | 'openKfId' | 'via' | 'reason' | 'createdAt' | 'expiresAt'
> & { bindCodeId: number | null; sourceId: string; welcome: EventCode | null }

/** Opens a pending binding; whatever was open for this account or this contact gives way to it. */
export async function openPending(db: Db, row: NewPending): Promise<void> {
  await db('pending_bindings')
    .whereRaw(OPEN)
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

export const findOpenOfContact = (
  db: Db,
  { externalUserId, now }: { externalUserId: string; now: Date },
) =>
  db('pending_bindings')
    .where({ external_userid: externalUserId })
    .whereRaw(OPEN)
    .where('expires_at', '>', now)
    .select(COLUMNS)
    .first<Pending | undefined>()

/** The latest attempt of this contact, over or not. */
export const findLatestOfContact = (db: Db, externalUserId: string) =>
  db('pending_bindings')
    .where({ external_userid: externalUserId })
    .orderBy('created_at', 'desc')
    .select(COLUMNS)
    .first<Pending | undefined>()

/** Whether another attempt of the same contact was foiled by the tap of its own account within a day before this one. */
export const wasFoiledBefore = async (db: Db, id: string): Promise<boolean> =>
  (await db('pending_bindings as p')
    .join('foiled_attempts as f', 'f.external_userid', 'p.external_userid')
    .where('p.id', id)
    .whereRaw(`f.at < p.decided_at and f.at > p.decided_at - interval '1 day'`)
    .first<{ at: Date } | undefined>('f.at')) !== undefined

/** Those of these contacts who have an open attempt. */
export const pageAttempting = async (
  db: Db,
  { externalUserIds, now }: { externalUserIds: readonly string[]; now: Date },
): Promise<Set<string>> =>
  new Set(
    await db('pending_bindings')
      .whereRaw('external_userid = any(?::text[])', [[...externalUserIds]])
      .whereRaw(OPEN)
      .where('expires_at', '>', now)
      .pluck<string[]>('external_userid'),
  )

/** The latest of each of these accounts. */
export const pageLatestPendings = (db: Db, accountIds: readonly number[]) =>
  db('pending_bindings')
    .distinctOn('account_id')
    .whereRaw('account_id = any(?::bigint[])', [[...accountIds]])
    .orderBy('account_id')
    .orderBy('created_at', 'desc')
    .select<Pending[]>(COLUMNS)

type Move = {
  id: string
  state?: PendingState
  reason: string | null
  now: Date
  lifeMs?: number
}

/** Moves an open pending binding; answers whether it still was open. */
export async function movePending(db: Db, { id, ...to }: Move): Promise<boolean> {
  const decided = to.state !== undefined && to.state !== 'open'
  const moved = await db('pending_bindings')
    .where({ id })
    .whereRaw(OPEN)
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
 * of this contact. What was begun after the tie is another matter, also for a job that runs twice. Answers what has ended.
 */
export const endAttemptsOfTied = (
  db: Db,
  { accountId, externalUserId, now }: { accountId: number; externalUserId: string; now: Date },
) =>
  db('pending_bindings')
    .whereRaw(OPEN)
    .whereExists((tie) =>
      tie
        .select('t.id')
        .from('live_ties as t')
        .where({ 't.account_id': accountId, 't.external_userid': externalUserId })
        .whereRaw('pending_bindings.created_at <= t.tied_at'),
    )
    .where((either) =>
      either
        .where({ account_id: accountId })
        .orWhere((card) =>
          card
            .where({ external_userid: externalUserId, reason: 'card_opened' })
            .whereExists((sameApp) =>
              sameApp
                .select('b.id')
                .from('accounts as b')
                .join('accounts as a', 'a.app', 'b.app')
                .where('a.id', accountId)
                .whereRaw('b.id = pending_bindings.account_id'),
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
    .returning<Pending[]>(Object.entries(COLUMNS).map(([name, column]) => db.ref(column).as(name)))

/** Attempts whose tap did not come. */
export const expireAttempts = (db: Db, now: Date) =>
  db('pending_bindings')
    .whereRaw(OPEN)
    .where('expires_at', '<=', now)
    .update({ state: 'expired', reason: 'code_expired', decided_at: now })

/** Attempts that ended before then, but for those that a ticket still points to. */
export const forgetPendings = (db: Db, before: Date) =>
  db('pending_bindings as p')
    .where('p.expires_at', '<', before)
    .whereNot('p.state', 'open')
    .whereNotExists((kept) =>
      kept.select('t.id').from('tickets as t').whereRaw('t.pending_id = p.id'),
    )
    .delete()

/** The welcome code an attempt came with, while the platform remembers it. */
export const findWelcome = async (
  db: Db,
  { id, now }: { id: string; now: Date },
): Promise<string | null> =>
  (
    await db('pending_bindings')
      .where({ id })
      .where('welcome_until', '>', now)
      .first<{ welcome_code: string | null } | undefined>('welcome_code')
  )?.welcome_code ?? null

/** Those of these accounts that have stated a phone. Phone claims belong to their room: read only. */
export const pageClaiming = async (
  db: Db,
  { accountIds, now }: { accountIds: readonly number[]; now: Date },
): Promise<Set<number>> =>
  new Set(
    await db('waiting_claims')
      .whereRaw('account_id = any(?::bigint[])', [[...accountIds]])
      .where('expires_at', '>', now)
      .pluck<number[]>('account_id'),
  )
