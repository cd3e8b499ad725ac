import type { Db } from '../../lib/db.ts'

/** Acts of a customer that name an account and a contact: a code, a link, a ticket, and what came of a tie. */
const ACTS = `
  select account_id, external_userid from evidence where kind in ('kf_code', 'kf_link', 'ticket') and account_id is not null and external_userid is not null
  union
  select account_id, external_userid from customer_accounts`

/** Whether a unionid was ever the same; the official account is another app and may be bound to another platform yet. */
export async function hasEqualPair(db: Db): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from accounts a join contacts c on c.unionid = a.unionid where a.app = 'miniprogram' limit 1`,
  )
  return rows.length > 0
}

/** How many customers have acted whose unionids differ. Reads all that was ever proven: only while none was ever the same. */
export async function countDifferentPairs(db: Db): Promise<number> {
  const { rows } = await db.raw<{ rows: { different: number }[] }>(`
    select least(count(distinct a.unionid), count(distinct c.unionid))::int as different
    from (${ACTS}) tried
    join accounts a on a.id = tried.account_id and a.app = 'miniprogram' and a.unionid is not null
    join contacts c on c.external_userid = tried.external_userid and c.unionid is not null and c.unionid <> a.unionid`)
  return rows[0]!.different
}

type Alarm = { kind: string; now: Date }

/** Answers whether it was not standing before. */
export async function raiseAlarm(db: Db, { kind, now }: Alarm): Promise<boolean> {
  const raised = await db('configuration_alarms')
    .insert({ kind, raised_at: now })
    .onConflict('kind')
    .merge({ raised_at: now, ended_at: null })
    .whereNotNull('configuration_alarms.ended_at')
    .returning('kind')
  return raised.length > 0
}

/** Answers whether it was standing. */
export const endAlarm = async (db: Db, { kind, now }: Alarm): Promise<boolean> =>
  (await db('configuration_alarms')
    .where({ kind })
    .whereNull('ended_at')
    .update({ ended_at: now })) > 0
