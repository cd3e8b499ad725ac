import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { databaseUrl } from '../../scripts/postgres/embedded.ts'
import { migrateDatabase } from '../lib/migrate.ts'
import { dropDatabases, listDatabases } from './postgres.ts'

const PREFIX = 'jindutong_template_'
const LOCK = `hashtext('jindutong.test.template')`

/**
 * Gives the name of a migrated database to clone from; the one of an earlier run when no migration has changed since.
 * `admin` keeps a shared lock on it, so that a run with other migrations does not drop it under this one.
 */
export async function ensureTemplate(
  admin: pg.Client,
  url: string,
  rootDir: string,
): Promise<string> {
  const hash = hashOfSchema(rootDir)
  const name = PREFIX + hash
  await admin.query(`select pg_advisory_lock_shared(${LOCK}, hashtext($1))`, [name])
  await admin.query(`select pg_advisory_lock(${LOCK}, 0)`)
  if (!(await listDatabases(admin, name)).includes(name)) await create(admin, url, name)
  await dropUnused(admin, name)
  await admin.query(`select pg_advisory_unlock(${LOCK}, 0)`)
  return name
}

async function create(admin: pg.Client, url: string, name: string): Promise<void> {
  const half = `${name}_half` // a killed run leaves no template that counts
  await dropDatabases(admin, half)
  await admin.query(`create database ${pg.escapeIdentifier(half)}`)
  await migrateDatabase({ connectionString: databaseUrl(url, half), kind: 'sandbox' })
  await admin.query(
    `alter database ${pg.escapeIdentifier(half)} rename to ${pg.escapeIdentifier(name)}`,
  )
}

async function dropUnused(admin: pg.Client, current: string): Promise<void> {
  const others = (await listDatabases(admin, `${PREFIX}%`)).filter((name) => name !== current)
  for (const name of others) {
    const { rows } = await admin.query<{ free: boolean }>(
      `select pg_try_advisory_lock(${LOCK}, hashtext($1)) as free`,
      [name],
    )
    if (!rows[0]?.free) continue
    await dropDatabases(admin, name)
    await admin.query(`select pg_advisory_unlock(${LOCK}, hashtext($1))`, [name])
  }
}

function hashOfSchema(rootDir: string): string {
  const migrations = path.join(rootDir, 'server', 'migrations')
  const files = readdirSync(migrations)
    .filter((name) => !name.endsWith('.test.ts'))
    .sort()
    .map((name) => path.join(migrations, name))
  files.push(
    path.join(rootDir, 'server/lib/migrate.ts'),
    path.join(rootDir, 'node_modules/graphile-worker/package.json'),
  )
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${path.basename(file)}\n`).update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}
