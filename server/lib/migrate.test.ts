import { beforeAll, expect, test } from '@jest/globals'
import { migrations } from '../migrations/migrations.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { migrateDatabase } from './migrate.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
const migrate = (kind: 'sandbox' | 'real') =>
  migrateDatabase({ connectionString: database.connectionString, kind })

test('a database of the other world is refused, both ways', async () => {
  await expect(migrate('real')).rejects.toMatchObject({ code: 'schema.other_kind' })
  await database.db('installation').update({ kind: 'real' })
  await expect(migrate('sandbox')).rejects.toMatchObject({ code: 'schema.other_kind' })
  await database.db('installation').update({ kind: 'sandbox' })
})

test('a schema newer than the program is refused', async () => {
  await database
    .db('knex_migrations')
    .insert({ name: '9999_from_the_future', batch: 99, migration_time: new Date() })
  await expect(migrate('sandbox')).rejects.toMatchObject({
    code: 'schema.newer',
    message: expect.stringContaining('9999_from_the_future'),
  })
  await database.db('knex_migrations').where({ name: '9999_from_the_future' }).delete()
})

test('a lock left by a killed migration does not stop the next one, nor do five at once stop each other', async () => {
  await database.db('knex_migrations_lock').update({ is_locked: 1 })
  await Promise.all(Array.from({ length: 5 }, () => migrate('sandbox')))
  expect(await database.db('knex_migrations').orderBy('id').pluck('name')).toEqual(
    migrations.map(({ name }) => name),
  )
})

test('every table says who writes it', async () => {
  const { rows } = await database.db.raw<{ rows: { table: string; comment: string | null }[] }>(`
    select c.relname as table, obj_description(c.oid) as comment from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname not like 'knex%'`)
  expect(rows.length).toBeGreaterThan(15)
  for (const row of rows) expect(row).toMatchObject({ comment: expect.stringMatching(/^Writer: /) })
})

test('the tables of the source documents keep their names, columns, checks and indexes (R0.29 to R0.40)', async () => {
  const columns = async (table: string) => Object.keys(await database.db(table).columnInfo())
  expect(await columns('customers')).toEqual(
    expect.arrayContaining([
      'wework_userid',
      'wechat_openid',
      'company',
      'binding_status',
      'bound_at',
      'bound_by',
    ]),
  )
  expect(await columns('wework_customer_events')).toEqual(
    expect.arrayContaining([
      'event_type',
      'external_userid',
      'employee_userid',
      'customer_phone',
      'add_way',
      'state',
      'raw_event_data',
      'created_at',
    ]),
  )
  const { rows } = await database.db.raw<{ rows: { name: string }[] }>(
    `select indexname as name from pg_indexes where schemaname = 'public' union select conname from pg_constraint`,
  )
  expect(rows.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'chk_binding_status',
      'idx_customers_wework_userid',
      'idx_customers_wechat_openid',
      'idx_customers_binding_status',
      'idx_wework_events_external_userid',
      'idx_wework_events_phone',
      'idx_wework_events_add_way',
    ]),
  )
})

test('the contacts of a member and his open questions are found by an index', async () => {
  const isLed = async (table: string, column: string) =>
    (
      await database.db.raw<{ rows: unknown[] }>(
        `select 1 from pg_indexes where tablename = ? and indexdef ~ ?`,
        [table, `\\(${column}\\M`],
      )
    ).rows.length > 0
  expect([
    await isLed('contact_follows', 'userid'),
    await isLed('reviews', 'member_userid'),
  ]).toEqual([true, true])
})
