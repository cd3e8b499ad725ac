import { runMigrations } from 'graphile-worker'
import type { Knex } from 'knex'
import { migrations, type Migration } from '../migrations/migrations.ts'
import { openDb, type Db } from './db.ts'
import type { Log } from './log.ts'
import { createSecrets } from './secrets.ts'

export type InstallationKind = 'sandbox' | 'real'

/** The database must not be used by this program; the message says why and what to do. */
export class SchemaRefused extends Error {
  readonly code: 'schema.newer' | 'schema.other_kind' | 'schema.other_key'
  constructor(code: SchemaRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

const source: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({
    up: async (db) => void (await migration.up(db)),
    down: async () => {},
  }),
}

/**
 * Brings the schema up to date and stamps the database as sandbox or real. Safe when several processes start at once
 * and after one was killed half-way.
 *
 * @throws SchemaRefused, before anything is changed, when the schema is newer than this program, or the database belongs
 *   to the other kind or was filled with another SECRET_KEY.
 */
export async function migrateDatabase(options: {
  connectionString: string
  kind: InstallationKind
  secretKey?: string
  log?: Log
}): Promise<void> {
  const db = openDb(options.connectionString, {
    maxConnections: 2,
    ...(options.log && { log: options.log }),
  })
  try {
    await underLock(db, async () => {
      await refuseNewerSchema(db)
      await refuseForeign(db, options)
      // Under our own lock nobody else migrates: a lock left in the table belongs to a killed process.
      await db.migrate.forceFreeMigrationsLock({ migrationSource: source })
      await db.migrate.latest({ migrationSource: source })
      await runMigrations({ connectionString: options.connectionString })
      await stamp(db, options)
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
    throw new SchemaRefused(
      'schema.newer',
      `the database was migrated by a newer version (${unknown.join(', ')}): start that version, or restore an older backup`,
    )
  }
}

type Owner = { kind: InstallationKind; secretKey?: string }

/** Before anything is changed: the wrong database must stay as it is. */
async function refuseForeign(db: Db, { kind, secretKey }: Owner): Promise<void> {
  if (!(await db.schema.hasTable('installation'))) return
  const row = await db('installation').first<
    { kind: InstallationKind; secret_fingerprint: string | null } | undefined
  >('kind', 'secret_fingerprint')
  if (row && row.kind !== kind) {
    throw new SchemaRefused(
      'schema.other_kind',
      `this database holds the ${row.kind} world, but the server was started for the ${kind} world: use another DATABASE_URL`,
    )
  }
  if (
    row?.secret_fingerprint &&
    secretKey !== undefined &&
    row.secret_fingerprint !== fingerprint(secretKey)
  ) {
    throw new SchemaRefused(
      'schema.other_key',
      'SECRET_KEY is not the one this database was filled with: phones and codes would not be found again; set the former one',
    )
  }
}

async function stamp(db: Db, { kind, secretKey }: Owner): Promise<void> {
  await db('installation').insert({ kind }).onConflict('id').ignore()
  if (secretKey !== undefined)
    await db('installation')
      .whereNull('secret_fingerprint')
      .update({ secret_fingerprint: fingerprint(secretKey) })
}

/** Enough to tell two keys apart, far too little to find one. */
const fingerprint = (secretKey: string): string =>
  createSecrets(secretKey).hmac('fingerprint', 'installation').toString('hex').slice(0, 16)
