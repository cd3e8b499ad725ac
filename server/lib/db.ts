import knex, { type Knex } from 'knex'
import pg from 'pg'
import type { Log } from './log.ts'
import { prepareRepeated } from './prepared.ts'

export type Db = Knex
export type Transaction = Knex.Transaction

// Our ids are identity columns far below 2^53: as numbers they are easier to compare and to show.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Opens a pool. `connectionString` may name a socket folder (`?host=`), which knex alone would not understand. With
 * `prepare` Postgres keeps repeated statements per connection; a pooler between may forbid it. `forReads`: it writes nothing,
 * no statement lasts longer than ten seconds, and a plan is kept whatever it is used for: for statements that read by keys
 * alone, where planning is most of the cost. What knex has to say goes to `log`; without one it prints.
 */
export function openDb(
  connectionString: string,
  options: { maxConnections?: number; prepare?: boolean; forReads?: boolean; log?: Log } = {},
): Db {
  return knex({
    client: 'pg',
    connection: { connectionString, application_name: 'jindutong' },
    pool: {
      min: 0,
      max: options.maxConnections ?? 10,
      ...(options.prepare === true && {
        afterCreate: options.forReads === true ? prepareReads : prepare,
      }),
    },
    acquireConnectionTimeout: 10_000,
    ...(options.log && { log: toLogger(options.log) }),
  })
}

type Done = (error: Error | null, connection: pg.Client) => void

function prepare(connection: pg.Client, done: Done): void {
  prepareRepeated(connection)
  done(null, connection)
}

/** Left to itself Postgres plans anew for each list of keys: a plan for one key looks cheaper than one for any number. */
const FOR_READS = `
  set plan_cache_mode = force_generic_plan;
  set default_transaction_read_only = on;
  set statement_timeout = '10s'`

function prepareReads(connection: pg.Client, done: Done): void {
  connection.query(FOR_READS, (error) => {
    prepareRepeated(connection)
    done(error, connection)
  })
}

function toLogger(log: Log): Knex.Logger {
  const say =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown): void =>
      typeof message === 'string' ? log[level](message) : log[level]({ said: message }, 'knex')
  return { debug: say('debug'), warn: say('warn'), error: say('error'), deprecate: say('warn') }
}

/** What a room has at hand inside a transaction: its deps with the transaction as `db`, no way past it, and no platform to call. */
export type Within<Deps> = Omit<Deps, 'platforms' | 'reads' | 'db'> & { db: Db }

/** Runs `act` in one transaction: read, commit; call; open, write, commit. */
export const inTransaction = <Deps extends { db: Db }, Result>(
  deps: Deps,
  act: (tx: Within<Deps>) => Promise<Result>,
): Promise<Result> =>
  deps.db.transaction((db) => act({ ...deps, db, reads: undefined, platforms: undefined }))

/** Waits until nobody else holds this key, and holds it until the transaction ends. */
export const lockKey = (db: Db, key: string): Promise<void> => lockKeys(db, [key])

/** Waits until nobody holds this key alone, and keeps anybody from doing so until the transaction ends. */
export const shareKey = (db: Db, key: string) =>
  db.raw('select pg_advisory_xact_lock_shared(hashtextextended(?, 0))', [key])

/** What each transaction holds; a savepoint is one of its own, for what is taken behind it goes when it is rolled back. */
const heldBy = new WeakMap<Db, Set<string>>()

/**
 * The same for several, in an order that everybody keeps: two callers never wait for each other. What the transaction holds
 * already is not asked for again.
 */
export async function lockKeys(db: Db, keys: readonly string[]): Promise<void> {
  const held = heldBy.get(db) ?? new Set()
  const wanted = [...new Set(keys)].filter((key) => !held.has(key)).sort()
  if (wanted.length === 0) return
  // Rows of an array come in its order, so the locks are taken in it, in one round trip.
  await db.raw(
    'select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(?::text[]) as key',
    [wanted],
  )
  if (db.isTransaction) heldBy.set(db, new Set([...held, ...wanted]))
}

/** The SQLSTATE of a Postgres error, or undefined for anything else. */
export function sqlState(error: unknown): string | undefined {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}
