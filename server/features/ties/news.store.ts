import type { Db } from '../../lib/db.ts'

type Ending = 'customer' | 'contact' | 'not_me' | 'admin'

export type TieNews = {
  tieId: number
  accountId: number
  app: string
  externalUserId: string
  tiedAt: Date
  tiedBy: string | null
  endedAt: Date | null
  endedBy: Ending | null
  /** The chat of the contact did not say that the tie was made. */
  silent: boolean
  /** The same WeChat user was tied to the contact already, by another app. */
  furtherApp: boolean
}

const COLUMNS: Record<keyof TieNews, string> = {
  tieId: 'n.tie_id',
  accountId: 'n.account_id',
  app: 'n.app',
  externalUserId: 'n.external_userid',
  tiedAt: 'n.tied_at',
  tiedBy: 'n.tied_by',
  endedAt: 'n.ended_at',
  endedBy: 'n.ended_by',
  silent: 'n.silent',
  furtherApp: 'n.further_app',
}

export const findNews = (db: Db, tieId: number) =>
  db('tie_news as n').where('n.tie_id', tieId).select(COLUMNS).first<TieNews | undefined>()

/** The latest tie of each of these accounts, over or not. */
export const pageLatestOf = (db: Db, accountIds: readonly number[]) =>
  db('tie_news as n')
    .distinctOn('n.account_id')
    .whereRaw('n.account_id = any(?::bigint[])', [[...accountIds]])
    .orderBy('n.account_id')
    .orderBy('n.tie_id', 'desc')
    .select<TieNews[]>(COLUMNS)

/** For each of these accounts the latest silent tie of somebody else's, as far as WeChat tells, with the contact that it is tied to. */
export const pageLatestBeside = (db: Db, accountIds: readonly number[]) =>
  db('tie_news as n')
    .distinctOn('own.account_id')
    .join('tie_news as own', 'own.external_userid', 'n.external_userid')
    .join('accounts as his', 'his.id', 'n.account_id')
    .join('accounts as mine', 'mine.id', 'own.account_id')
    .whereRaw('own.account_id = any(?::bigint[])', [[...accountIds]])
    .whereNull('own.ended_at')
    .whereRaw('n.account_id <> own.account_id')
    .whereNull('n.ended_at')
    .where('n.silent', true)
    .whereRaw('(his.unionid = mine.unionid) is not true')
    .orderBy('own.account_id')
    .orderBy('n.tie_id', 'desc')
    .select<(TieNews & { toldTo: number })[]>({ ...COLUMNS, toldTo: 'own.account_id' })

/**
 * Accounts that may well be this contact's own and are tied to another: with its unionid, or with a live word for a phone that is
 * proven for it (E6, E8).
 */
export async function pageTiedElsewhere(
  db: Db,
  { externalUserId, now }: { externalUserId: string; now: Date },
): Promise<{ accountId: number; externalUserId: string }[]> {
  const { rows } = await db.raw<{ rows: { accountId: number; externalUserId: string }[] }>(
    `
    select t.account_id as "accountId", t.external_userid as "externalUserId"
    from live_ties t
    where t.external_userid <> :externalUserId and t.account_id in (
      select a.id from contacts c join accounts a on a.unionid = c.unionid where c.external_userid = :externalUserId
      union
      select said.account_id from evidence proven join evidence said on said.phone_hmac = proven.phone_hmac
      where proven.kind = 'phone_search' and proven.external_userid = :externalUserId and proven.revoked_at is null
        and said.kind in ('phone_claim', 'phone_button') and said.revoked_at is null
        and (said.valid_until is null or said.valid_until > :now))
    order by t.account_id`,
    { externalUserId, now: now.toISOString() },
  )
  return rows
}
