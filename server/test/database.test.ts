import { expect, test } from '@jest/globals'
import { testDatabase } from './database.ts'

const { db, connectionString, clear } = await testDatabase()
const other = await testDatabase()

test('every call gives a migrated database of its own', async () => {
  expect(connectionString).not.toBe(other.connectionString)
  expect(await db.schema.hasTable('callback_inbox')).toBe(true)
  expect(await other.db('installation').pluck('kind')).toEqual(['sandbox'])
})

test('clear() deletes rows and jobs, and keeps migrations and the stamp', async () => {
  await db('callback_inbox').insert({
    payload_hash: Buffer.from('a'),
    source: 'test',
    payload: 'x',
  })
  await db.raw(`select graphile_worker.add_job('test.job', '{}'::json, queue_name => 'q')`)
  await clear()
  await clear()
  expect(await db('callback_inbox').pluck('id')).toEqual([])
  expect((await db.raw('select from graphile_worker.jobs')).rowCount).toBe(0)
  expect(await db('installation').pluck('kind')).toEqual(['sandbox'])
  expect((await db('knex_migrations').pluck('name')).length).toBeGreaterThan(0)
})
