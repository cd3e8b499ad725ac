import type { Knex } from 'knex'

export interface StoredToken {
  token: string
  fetchedAt: Date
  expiresAt: Date
}

interface TokenRow {
  key_hash: string
  token: string
  fetched_at: Date
  expires_at: Date
}

/** Longer than most token fetches with their tries. */
const LOCK_TIMEOUT_MS = 20_000
/** Postgres ends a transaction that idles longer, and with it the lock of a process that hangs. */
const LOCK_HELD_AT_MOST_MS = 60_000

export async function findToken(db: Knex, hash: string): Promise<StoredToken | undefined> {
  const row: TokenRow | undefined = await db<TokenRow>('access_tokens')
    .where({ key_hash: hash })
    .first('token', 'fetched_at', 'expires_at')
  return row && { token: row.token, fetchedAt: row.fetched_at, expiresAt: row.expires_at }
}

export async function keepToken(
  db: Knex,
  { hash, token, fetchedAt, expiresAt }: StoredToken & { hash: string },
): Promise<void> {
  await db('access_tokens')
    .insert({ key_hash: hash, token, fetched_at: fetchedAt, expires_at: expiresAt })
    .onConflict('key_hash')
    .merge()
}

/** Drops this token, and only it. Returns whether it was there. */
export async function dropToken(
  db: Knex,
  { hash, token }: { hash: string; token: string },
): Promise<boolean> {
  return (await db('access_tokens').where({ key_hash: hash, token }).delete()) > 0
}

/**
 * The one place where a transaction is held across the wire: its advisory lock is what makes the processes ask one at a time, and it
 * holds no row. Costs one pool connection per key and process for the time of the fetch.
 */
export function oneAtATime<T>(
  db: Knex,
  { hash, lockTimeoutMs = LOCK_TIMEOUT_MS }: { hash: string; lockTimeoutMs?: number | undefined },
  work: (db: Knex) => Promise<T>,
): Promise<T> {
  return db.transaction(async (trx) => {
    await trx.raw(`set local lock_timeout = ${String(lockTimeoutMs)}`)
    await trx.raw(`set local idle_in_transaction_session_timeout = ${String(LOCK_HELD_AT_MOST_MS)}`)
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`access_tokens:${hash}`])
    return work(trx)
  })
}
