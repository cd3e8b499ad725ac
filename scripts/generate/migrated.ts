import path from 'node:path'
import pg from 'pg'
import { migrateDatabase } from '../../server/lib/migrate.ts'
import { databaseUrl, startEmbedded } from '../postgres/embedded.ts'

/** Runs `work` on a database that holds the schema and nothing else; it is gone afterwards. */
export async function withMigratedDatabase<T>(
  root: string,
  work: (db: pg.Client) => Promise<T>,
): Promise<T> {
  const embedded = await startEmbedded({ dir: path.join(root, '.data', 'test-pg'), durable: false })
  const name = `jindutong_schema_${String(process.pid)}`
  try {
    await query(embedded.url, (admin) => admin.query(`create database ${name}`))
    const connectionString = databaseUrl(embedded.url, name)
    await migrateDatabase({ connectionString, kind: 'sandbox' })
    return await query(connectionString, work)
  } finally {
    await query(embedded.url, (admin) => admin.query(`drop database if exists ${name}`))
    await embedded.stop()
  }
}

async function query<T>(connectionString: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
