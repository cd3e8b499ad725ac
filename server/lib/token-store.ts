import { createHmac } from 'node:crypto'
import type { Knex } from 'knex'
import { OutsideError } from './http-client.ts'
import type { Log } from './log.ts'

export interface TokenKey {
  provider: 'wecom' | 'weixin'
  /** Corp id or app id. */
  subject: string
  /** Part of the key because a token works only for the app whose secret fetched it; stored only as a keyed hash. */
  secret: string
}

export interface FetchedToken {
  token: string
  expiresInSeconds: number
}

interface StoredToken {
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

export interface TokenStoreDeps {
  db: Knex
  clock: () => Date
  secretKey: string
  log: Pick<Log, 'warn'>
  /** How long to wait for another process that is fetching; then get throws the 55P03 of Postgres, unless the old token lives. */
  lockTimeoutMs?: number
}

/**
 * How long before the end a new token is asked for.
 * wecom: gettoken gives the same token until it ends, so asking early cannot cut anybody off; 5 minutes leave time for a bad quarter
 * of an hour at the platform. https://developer.work.weixin.qq.com/document/path/91039
 * weixin: stable_token gives a new one only in the last 5 minutes (both then live on), so 4 minutes: as early as asking makes sense,
 * with a minute for clocks that disagree.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html
 */
const MARGIN_SECONDS = { wecom: 300, weixin: 240 } as const
/** Inside the margin the platform may answer with the token we have: all processes together then ask once a minute, not on every call. */
const ASK_AGAIN_SECONDS = 60
/** A refused secret is not tried again at once: about 2,000 wrong ones an hour block the caller's address. */
const REFUSAL_HOLD_SECONDS = 10
/** Longer than most token fetches with their tries. */
const LOCK_TIMEOUT_MS = 20_000
/** Postgres ends a transaction that idles longer, and with it the lock of a process that hangs. */
const LOCK_HELD_AT_MOST_MS = 60_000

/** One platform token per secret, shared by all processes through Postgres. */
export function createTokenStore(deps: TokenStoreDeps) {
  const cached = new Map<string, StoredToken>()
  const flights = new Map<string, Promise<string>>()
  /**
   * The last token somebody here saw refused, known before its row is gone: another call must not read it from there meanwhile and
   * bring it back. It counts again when the platform itself gives it again.
   */
  const rejected = new Map<string, string>()
  const refusals = new Map<string, { error: unknown; until: number }>()

  return { get, invalidate }

  /** A token that works for at least a moment. Throws what `fetchToken` throws, if no living token is left. */
  async function get(key: TokenKey, fetchToken: () => Promise<FetchedToken>): Promise<string> {
    const hash = keyHash(key)
    const known = cached.get(hash)
    if (known && isFresh(known, key)) return known.token
    const flying = flights.get(hash)
    if (flying) return flying
    const flight = find(hash, key, fetchToken).finally(() => flights.delete(hash))
    flights.set(hash, flight)
    return flight
  }

  /**
   * Drops `failedToken`, and only it: a token that another process has put in its place stays. The next get reads the table first.
   */
  async function invalidate(key: TokenKey, failedToken: string): Promise<void> {
    const hash = keyHash(key)
    rejected.set(hash, failedToken)
    if (cached.get(hash)?.token === failedToken) cached.delete(hash)
    const dropped = await deps
      .db('access_tokens')
      .where({ key_hash: hash, token: failedToken })
      .delete()
    deps.log.warn(
      { provider: key.provider, subject: key.subject, dropped: dropped > 0 },
      'access token refused by the platform',
    )
  }

  async function find(
    hash: string,
    key: TokenKey,
    fetchToken: () => Promise<FetchedToken>,
  ): Promise<string> {
    const stored = await read(deps.db, hash)
    if (stored && isFresh(stored, key)) return remember(hash, stored)
    try {
      assertNotRefused(hash)
      return remember(hash, await refresh(hash, key, fetchToken))
    } catch (error) {
      if (!stored || !isAlive(stored)) throw error
      deps.log.warn(
        { err: error, provider: key.provider, subject: key.subject },
        'no new access token; the old one still lives',
      )
      return stored.token
    }
  }

  /**
   * The one place where a transaction is held across the wire: its advisory lock is what makes the processes ask one at a time, and it
   * holds no row. Costs one pool connection per key and process for the time of the fetch.
   */
  function refresh(
    hash: string,
    key: TokenKey,
    fetchToken: () => Promise<FetchedToken>,
  ): Promise<StoredToken> {
    return deps.db.transaction(async (db) => {
      await db.raw(`set local lock_timeout = ${String(deps.lockTimeoutMs ?? LOCK_TIMEOUT_MS)}`)
      await db.raw(
        `set local idle_in_transaction_session_timeout = ${String(LOCK_HELD_AT_MOST_MS)}`,
      )
      await db.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
        `access_tokens:${hash}`,
      ])
      const stored = await read(db, hash)
      if (stored && isFresh(stored, key)) return stored
      const fetched = await fetchOnce(hash, fetchToken, stored)
      await write(db, hash, fetched)
      return fetched
    })
  }

  async function fetchOnce(
    hash: string,
    fetchToken: () => Promise<FetchedToken>,
    old: StoredToken | undefined,
  ): Promise<StoredToken> {
    const fetchedAt = deps.clock()
    const { token, expiresInSeconds } = await fetchToken().catch((error: unknown) => {
      // An answer was a refusal; silence is not, and the caller's next try may come at once.
      if (!(error instanceof OutsideError))
        refusals.set(hash, { error, until: fetchedAt.getTime() + REFUSAL_HOLD_SECONDS * 1000 })
      throw error
    })
    const expiresAt = new Date(fetchedAt.getTime() + expiresInSeconds * 1000)
    rejected.delete(hash)
    // The same token again does not live longer than it was first said to, whatever the answer counts from.
    return {
      token,
      fetchedAt,
      expiresAt: old?.token === token && old.expiresAt < expiresAt ? old.expiresAt : expiresAt,
    }
  }

  function remember(hash: string, found: StoredToken): string {
    cached.set(hash, found)
    return found.token
  }

  async function read(db: Knex, hash: string): Promise<StoredToken | undefined> {
    const row: TokenRow | undefined = await db<TokenRow>('access_tokens')
      .where({ key_hash: hash })
      .first('token', 'fetched_at', 'expires_at')
    if (!row || row.token === rejected.get(hash)) return undefined
    return { token: row.token, fetchedAt: row.fetched_at, expiresAt: row.expires_at }
  }

  function isAlive({ expiresAt }: StoredToken): boolean {
    return deps.clock() < expiresAt
  }

  function isFresh(found: StoredToken, { provider }: TokenKey): boolean {
    const beforeMargin = found.expiresAt.getTime() - MARGIN_SECONDS[provider] * 1000
    const askAgain = found.fetchedAt.getTime() + ASK_AGAIN_SECONDS * 1000
    return isAlive(found) && deps.clock().getTime() < Math.max(beforeMargin, askAgain)
  }

  function assertNotRefused(hash: string): void {
    const refusal = refusals.get(hash)
    if (refusal && deps.clock().getTime() < refusal.until) throw refusal.error
    refusals.delete(hash)
  }

  function keyHash({ provider, subject, secret }: TokenKey): string {
    return createHmac('sha256', deps.secretKey)
      .update(`${provider}|${subject}|${secret}`)
      .digest('hex')
  }
}

export type TokenStore = ReturnType<typeof createTokenStore>

async function write(
  db: Knex,
  hash: string,
  { token, fetchedAt, expiresAt }: StoredToken,
): Promise<void> {
  await db('access_tokens')
    .insert({ key_hash: hash, token, fetched_at: fetchedAt, expires_at: expiresAt })
    .onConflict('key_hash')
    .merge()
}
