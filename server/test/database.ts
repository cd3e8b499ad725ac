import { afterAll } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { openDb, type Db } from '../lib/db.ts'
import { databaseUrl } from '../../scripts/postgres/embedded.ts'
import { connect, databaseName, dropDatabases, readAnnounced } from './postgres.ts'

export type TestDatabase = {
  connectionString: string
  db: Db
  /** Deletes the rows of all our tables but these, and the jobs; sequences go on. Some milliseconds. */
  clear: (except?: readonly string[]) => Promise<void>
}

const opened: Db[] = []
let cleared: Promise<void> | undefined

// jest runs this hook before the afterAll hooks of the test file, because it was registered first: what still uses
// the database there (a house that drains) has a pool of its own, and the database itself is dropped later.
afterAll(async () => {
  await Promise.all(opened.map((db) => db.destroy()))
})

/** A migrated database of the calling test file alone; a second call gives a second one. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, run, template } = readAnnounced()
  const worker = process.env['JEST_WORKER_ID'] ?? '0'
  const name = databaseName(run, worker, randomBytes(4).toString('hex'))
  const admin = await connect(url)
  // A worker has one test file at a time, so its earlier databases are done with; the global teardown drops the last ones.
  await (cleared ??= dropDatabases(admin, databaseName(run, worker, '%')))
  await admin.query(`create database ${name} template ${template} strategy file_copy`)
  await admin.end()
  const connectionString = databaseUrl(url, name)
  const db = openDb(connectionString, { maxConnections: 5 })
  opened.push(db)
  return { connectionString, db, clear: createClear(db) }
}

const KEPT = ['knex_migrations', 'knex_migrations_lock', 'installation']
const JOBS = ['graphile_worker._private_jobs', 'graphile_worker._private_job_queues']

function createClear(db: Db): TestDatabase['clear'] {
  let tables: string[] | undefined
  return async (except = []) => {
    tables ??= await db('pg_tables')
      .where({ schemaname: 'public' })
      .whereNotIn('tablename', KEPT)
      .pluck<string[]>('tablename')
    const emptied = tables
      .filter((table) => !except.includes(table))
      .map((table) => `public."${table}"`)
    const statement = [...emptied, ...JOBS].map((table) => `delete from ${table};`).join(' ')
    // As a replica Postgres checks no foreign keys and fires no triggers: any order will do. One round trip.
    await db.raw(`begin; set local session_replication_role = 'replica'; ${statement} commit`)
  }
}
