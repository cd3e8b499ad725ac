import { runMigrations } from 'graphile-worker'
import type { Knex } from 'knex'
import { migrations, type Migration } from '../migrations/migrations.ts'
import { openDb, type Db } from './db.ts'

export type InstallationKind = 'sandbox' | 'real'

/** The database must not be used by this program; the message says why and what to do. */
export class SchemaRefused extends Error {
  readonly code: 'schema.newer' | 'schema.other_kind'
  constructor(code: SchemaRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

const source: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({ up: async (db) => void (await migration.up(db)), down: async () => {} }),
}

/**
 * Brings the schema up to date and stamps the database as sandbox or real. Safe when several processes start at once
 * and after one was killed half-way.
 *
 * @throws SchemaRefused when the schema is newer than this program, or the database belongs to the other kind.
 */
export async function migrateDatabase(options: { connectionString: string; kind: InstallationKind }): Promise<void> {
  const db = openDb(options.connectionString, { maxConnections: 2 })
  try {
    await underLock(db, async () => {
      await refuseNewerSchema(db)
      // Under our own lock nobody else migrates: a lock left in the table belongs to a killed process.
      await db.migrate.forceFreeMigrationsLock({ migrationSource: source })
      await db.migrate.latest({ migrationSource: source })
      await runMigrations({ connectionString: options.connectionString })
      await stamp(db, options.kind)
    })
  } finally {
    await db.destroy()
  }
}

async function underLock(db: Db, work: () => Promise<void>): Promise<void> {
  await db.transaction(async (lock) => {
    await lock.raw(`select pg_advisory_xact_lock(hashtext('jindutong.migrate'))`)
    await work()
  })
}

async function refuseNewerSchema(db: Db): Promise<void> {
  if (!(await db.schema.hasTable('knex_migrations'))) return
  const known = new Set(migrations.map((migration) => migration.name))
  const applied = await db('knex_migrations').pluck<string[]>('name')
  const unknown = applied.filter((name) => !known.has(name))
  if (unknown.length > 0) {
    throw new SchemaRefused('schema.newer',
      `the database was migrated by a newer version (${unknown.join(', ')}): start that version, or restore an older backup`)
  }
}

async function stamp(db: Db, kind: InstallationKind): Promise<void> {
  await db('installation').insert({ kind }).onConflict('id').ignore()
  const row = await db('installation').select<{ kind: InstallationKind }[]>('kind').first()
  if (row?.kind !== kind) {
    throw new SchemaRefused('schema.other_kind',
      `this database holds the ${row?.kind ?? 'unknown'} world, but the server was started for the ${kind} world: use another DATABASE_URL`)
  }
}
