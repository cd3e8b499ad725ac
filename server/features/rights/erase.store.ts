import { lockKeys, type Db } from '../../lib/db.ts'
import type { Mentions } from './mentions.store.ts'
import type { PersonalTable } from './personal-data.store.ts'
import type { Keys } from './whose.store.ts'

/** As orders are locked by whoever loads them. */
export const lockOrders = (db: Db, orderNos: readonly string[]): Promise<void> =>
  lockKeys(
    db,
    orderNos.map((orderNo) => `order:${orderNo}`),
  )

/** Who acts on a message holds it first, and waits for the locks of people then. */
export const lockMessages = (db: Db, contacts: readonly string[]) =>
  db('kf_messages')
    .whereRaw('external_userid = any(?::text[])', [[...contacts]])
    .orderBy('id')
    .forUpdate()
    .select('id')

const bound = (keys: Keys): Record<string, unknown> => ({ ...keys })

/** Answers how many rows there were. */
export const deleteRows = async (
  db: Db,
  { table: { table, of }, keys }: { table: PersonalTable; keys: Keys },
): Promise<number> =>
  (await db.raw<{ rowCount: number }>(`delete from ${table} as t where ${of}`, bound(keys)))
    .rowCount

/** A rival of a claim that goes takes its place, and the others are his rivals. */
export async function promoteRivals(db: Db, accountIds: readonly number[]): Promise<void> {
  await db('temp_bindings')
    .whereRaw('account_id = any(?::bigint[])', [[...accountIds]])
    .whereRaw(`status = 'waiting'`)
    .update({ status: 'expired' })
  await db.raw(
    `
  update temp_bindings b set rival_of = nullif(f.first, b.id)
  from (
    select r.rival_of, min(r.id) as first from temp_bindings r
    where r.rival_of = any(array(select id from temp_bindings where account_id = any(:accountIds::bigint[])))
      and r.account_id <> all(:accountIds::bigint[])
    group by r.rival_of
  ) f
  where b.rival_of = f.rival_of and b.account_id <> all(:accountIds::bigint[])`,
    { accountIds },
  )
}

/** His orders on a number that he has no more: whoever has it now does not get them because nothing is known of him. */
export const leaveOrders = (
  db: Db,
  { customers, phones }: Pick<Keys, 'customers' | 'phones'>,
): Promise<number> =>
  db('project_parties')
    .whereRaw('customer_id = any(?::bigint[])', [[...customers]])
    .whereRaw('phone_hmac <> all(?::bytea[])', [[...phones]])
    .update({
      customer_id: null,
      name: null,
      name_then: null,
      state: 'held',
      strength: null,
      decided_row: 'settled',
      settled_how: 'hand_over',
      settled_by: null,
      confirmed_at: null,
      shown: false,
      shown_row: null,
    })

type Numbers = { phones: readonly string[]; phoneHmacs: readonly Buffer[] }

/** Others who say that his number is theirs: what they said is over, and not kept. */
export const endClaims = (db: Db, phoneHmacs: readonly Buffer[]): Promise<number> =>
  db('temp_bindings')
    .whereRaw('phone_hmac = any(?::bytea[])', [[...phoneHmacs]])
    .whereRaw(`status = 'waiting'`)
    .update({
      status: 'expired',
      phone_number: db.raw(`left(phone_number, 3) || '****' || right(phone_number, 4)`),
    })

type Stated = { phones: readonly string[]; accounts: readonly number[]; names: readonly string[] }

/** What others left advisors as their number, and is his; with it they called him by his name. */
export async function forgetLeads(db: Db, { phones, accounts, names }: Stated): Promise<void> {
  const ofOthers = () =>
    db('leads')
      .whereRaw('phone = any(?::text[])', [[...phones]])
      .whereRaw('account_id <> all(?::bigint[])', [[...accounts]])
  for (const table of ['customeractions', 'bookings'])
    await db(table)
      .whereIn('lead_id', ofOthers().select('id'))
      .whereRaw('customer_name = any(?::text[])', [[...names]])
      .update({ customer_name: null })
  await ofOthers().delete()
}

/** What advisors noted of him, or of his number, does not stay in the log either; while the leads are there. */
export const forgetLeadNotes = (db: Db, { phones, accounts }: Omit<Stated, 'names'>) =>
  db('operation_log')
    .where({ target_type: 'lead' })
    .whereRaw(
      `target_id = any(array(select id::text from leads where account_id = any(?::bigint[]) or phone = any(?::text[])))`,
      [[...accounts], [...phones]],
    )
    .update({ before: null, after: null })

/** Events of others that name his number. */
export const forgetEventPhones = (db: Db, { phones }: Pick<Numbers, 'phones'>): Promise<number> =>
  db('wework_customer_events')
    .whereRaw('customer_phone = any(?::text[])', [[...phones]])
    .update({ customer_phone: null })

export type NotedRow = {
  externalUserId: string
  userId: string
  remark: string | null
  mobiles: string[]
  first: string[] | null
}

/** Where members noted his number at others. */
export const pageNotedAt = (db: Db, pattern: string) =>
  db('contact_follows')
    .whereRaw(
      `concat_ws(' ', remark, array_to_string(remark_mobiles, ' '), array_to_string(first_mobiles, ' ')) ~ ?`,
      [pattern],
    )
    .forUpdate()
    .select<NotedRow[]>({
      externalUserId: 'external_userid',
      userId: 'userid',
      remark: 'remark',
      mobiles: 'remark_mobiles',
      first: 'first_mobiles',
    })

export const setNoted = (db: Db, row: NotedRow) =>
  db('contact_follows')
    .where({ external_userid: row.externalUserId, userid: row.userId })
    .update({ remark: row.remark, remark_mobiles: row.mobiles, first_mobiles: row.first })

/** Callbacks that name him are as if they had been drained long ago: their hash says that they came. */
export const emptyCallbacks = (
  db: Db,
  { pattern, now }: { pattern: string; now: Date },
): Promise<number> =>
  db('callback_inbox')
    .whereRaw('payload ~ ?', [pattern])
    .update({ payload: '', drained_at: db.raw('coalesce(drained_at, ?::timestamptz)', [now]) })

/** Rows of files of orders that name him, or are orders of his: loaded or not, nothing of them is left, and they are not loaded. */
export const emptyImportRows = (
  db: Db,
  { pattern, orderNos }: { pattern: string; orderNos: readonly string[] },
): Promise<number> =>
  db('import_rows')
    .whereNotNull('cells')
    .whereRaw('(order_no = any(?::text[]) or cells::text ~ ?)', [[...orderNos], pattern])
    .update({
      cells: null,
      outcome: db.raw(`coalesce(outcome, 'rejected')`),
      reason: '这个人的信息已经删除',
    })

/** Jobs about him that nobody has begun. */
export async function deleteJobs(db: Db, pattern: string): Promise<number> {
  const ofLanes = await db('lane_jobs')
    .whereRaw('locked_by is null')
    .whereRaw('concat(lane, payload::text, key, last_error) ~ ?', [pattern])
    .delete()
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `delete from graphile_worker._private_jobs where locked_at is null and concat(payload::text, key, last_error) ~ ?`,
    [pattern],
  )
  return ofLanes + rowCount
}

export type TextRow = Record<string, unknown> & { his: boolean }

/** Rows about him, or that name him anywhere; locked. */
export const pageTexts = (
  db: Db,
  { table, key, texts, about, keys, pattern }: Mentions & { keys: Keys; pattern: string },
): Promise<TextRow[]> => {
  const columns = texts.split(' ')
  const all = columns.map((name) => `t.${name}::text`).join(`, ' ', `)
  return db
    .raw<{ rows: TextRow[] }>(
      `select ${[...key.split(' '), ...columns].map((name) => `t.${name}`).join(', ')}, (${about}) as his from ${table} t
      where (${about}) or concat(${all}) ~ :pattern for update`,
      { ...bound(keys), pattern },
    )
    .then(({ rows }) => rows)
}

export const setTexts = (
  db: Db,
  { table, key, texts, row }: Mentions & { row: Record<string, unknown> },
): Promise<number> =>
  db(table)
    .where(Object.fromEntries(key.split(' ').map((name) => [name, row[name]])))
    .update(Object.fromEntries(texts.split(' ').map((name) => [name, toStored(row[name])])))

const toStored = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value

/** What he owned is nobody's now: where it is built is not kept, and the next load says everything anew. */
export const forgetOrders = (db: Db, ids: readonly string[]): Promise<number> =>
  db('projects')
    .whereRaw('id = any(?::uuid[])', [[...ids]])
    .update({ address: null, content_hash: Buffer.alloc(0) })

/** An order of somebody else whose number looks the same when it is masked. */
const OF_ANOTHER = `exists (
  select 1 from projects p join project_parties y on y.project_id = p.id join customers c on c.phone_hmac = y.phone_hmac
  where p.order_no = target_id and c.merged_into is null and c.id <> all(:customers::bigint[]) and left(c.phone, 3) || '****' || right(c.phone, 4) = any(:masked::text[]))`

/** What loads of his orders said stands in the log no more; that they were, does. So with orders that named his number once. */
export const forgetLoads = (
  db: Db,
  named: { orderNos: readonly string[]; masked: readonly string[]; customers: readonly number[] },
) =>
  db.raw(
    `
    update operation_log set before = null, after = null
    where target_type = 'project' and (target_id = any(:orderNos::text[])
      or (after ->> 'customerPhone' = any(:masked::text[]) and not ${OF_ANOTHER}))`,
    named,
  )
