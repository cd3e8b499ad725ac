import { lockKey, type Db } from '../../lib/db.ts'

export type Kind = 'export' | 'erase'
export type RequestRow = {
  id: number
  kind: Kind
  requestedAt: Date
  closedAt: Date | null
  closedBy: string | null
  outcome: 'done' | 'declined' | null
  reason: string | null
}
const REQUEST = {
  id: 'id',
  kind: 'kind',
  requestedAt: 'requested_at',
  closedAt: 'closed_at',
  closedBy: 'closed_by',
  outcome: 'outcome',
  reason: 'reason',
}

/** Serialises what one account asks for. */
export const lockRequests = (db: Db, accountId: number) =>
  lockKey(db, `rights:${String(accountId)}`)

/** What an account asked for, the latest first. */
export const pageOfAccount = (db: Db, accountId: number) =>
  db('rights_requests')
    .where({ account_id: accountId })
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(20)
    .select<RequestRow[]>(REQUEST)

export const countSince = async (
  db: Db,
  { accountId, since }: { accountId: number; since: Date },
): Promise<number> =>
  Number(
    (
      await db('rights_requests')
        .where({ account_id: accountId })
        .where('requested_at', '>', since)
        .count<{ count: string }[]>({ count: '*' })
    )[0]!.count,
  )

export async function insertRequest(
  db: Db,
  { accountId, kind, now }: { accountId: number; kind: Kind; now: Date },
): Promise<void> {
  await db('rights_requests').insert({ account_id: accountId, kind, requested_at: now })
}

export const findAccountOf = async (db: Db, id: number): Promise<number | undefined> =>
  (
    await db('rights_requests')
      .where({ id })
      .first<{ account_id: number | null } | undefined>('account_id')
  )?.account_id ?? undefined

export type AskedRow = RequestRow & {
  accountId: number | null
  customerId: number | null
  phone: string | null
}

type Page = { state: 'open' | 'done'; before: number | null; limit: number }

/** Who asks, with whom his account belongs to; the newest first. */
export const pageRequests = (db: Db, { state, before, limit }: Page): Promise<AskedRow[]> =>
  db('rights_requests as r')
    .leftJoin('account_access as x', 'x.account_id', 'r.account_id')
    .whereRaw(state === 'open' ? 'r.closed_at is null' : 'r.closed_at is not null')
    .modify((query) => void (before !== null && query.where('r.id', '<', before)))
    .orderBy('r.id', 'desc')
    .limit(limit)
    .select({
      ...Object.fromEntries(Object.entries(REQUEST).map(([key, name]) => [key, `r.${name}`])),
      accountId: 'r.account_id',
      customerId: db.raw('coalesce(r.customer_id, x.customer_id)'),
      phone: 'x.phone',
    })

type Closing = { by: string; now: Date }

/** Answers what was declined; undefined: it is closed already, or was never asked. */
export async function declineRequest(
  db: Db,
  { id, reason, by, now }: Closing & { id: number; reason: string },
): Promise<{ kind: Kind; accountId: number | null } | undefined> {
  const [row] = await db('rights_requests')
    .where({ id })
    .whereNull('closed_at')
    .update({ closed_at: now, closed_by: by, outcome: 'declined', reason })
    .returning<{ kind: Kind; accountId: number | null }[]>([
      'kind',
      db.ref('account_id').as('accountId'),
    ])
  return row
}

export const isKnown = async (db: Db, id: number): Promise<boolean> =>
  (await db('rights_requests').where({ id }).first<{ id: number } | undefined>('id')) !== undefined

/** What these accounts asked for is done. */
export const closeOf = (
  db: Db,
  {
    accountIds,
    kinds,
    customerId,
    by,
    now,
  }: Closing & {
    accountIds: readonly number[]
    kinds: readonly Kind[]
    customerId: number | null
  },
): Promise<number> =>
  db('rights_requests')
    .whereRaw('account_id = any(?::bigint[])', [[...accountIds]])
    .whereIn('kind', [...kinds])
    .whereNull('closed_at')
    .update({ closed_at: now, closed_by: by, outcome: 'done', customer_id: customerId })
