import { createHmac } from 'node:crypto'
import type { Knex } from 'knex'
import { OutsideError } from './http-client.ts'
import type { Log } from './log.ts'
import { dropToken, findToken, keepToken, oneAtATime, type StoredToken } from './token-table.ts'

export interface TokenKey {
  provider: string
  /** Corp id or app id. */
  subject: string
  /** Part of the key because a token works only for the app whose secret fetched it; stored only as a keyed hash. */
  secret: string
  /** How long before the end a new token is asked for; what is best here depends on what the provider does with the old one. */
  renewSecondsBefore: number
}

export interface FetchedToken {
  token: string
  expiresInSeconds: number
}

interface TokenStoreDeps {
  db: Knex
  clock: () => Date
  secretKey: string
  log: Pick<Log, 'warn'>
  /** How long to wait for another process that is fetching; then get throws the 55P03 of Postgres, unless the old token lives. */
  lockTimeoutMs?: number
}

/** A token somebody waits for. */
interface Wanted {
  hash: string
  key: TokenKey
  fetchToken: () => Promise<FetchedToken>
}

/** Inside the margin the platform may answer with the token we have: all processes together then ask once a minute, not on every call. */
const ASK_AGAIN_SECONDS = 60
/** A refused secret is not tried again at once: about 2,000 wrong ones an hour block the caller's address. */
const REFUSAL_HOLD_SECONDS = 10

/** One platform token per secret, shared by all processes through Postgres. */
export function createTokenStore(deps: TokenStoreDeps) {
  const cached = new Map<string, StoredToken>()
  const flights = new Map<string, Promise<string>>()
  const { read, refresh, reject } = createRenewal(deps)

  return { get, invalidate }

  /** A token that works for at least a moment. Throws what `fetchToken` throws, if no living token is left. */
  async function get(key: TokenKey, fetchToken: () => Promise<FetchedToken>): Promise<string> {
    const hash = keyHash(deps.secretKey, key)
    const known = cached.get(hash)
    if (known && isFresh(known, key, deps.clock())) return known.token
    const flying = flights.get(hash)
    if (flying) return flying
    const flight = find({ hash, key, fetchToken }).finally(() => flights.delete(hash))
    flights.set(hash, flight)
    return flight
  }

  /**
   * Drops `failedToken`, and only it: a token that another process has put in its place stays. The next get reads the table first.
   */
  async function invalidate(key: TokenKey, failedToken: string): Promise<void> {
    const hash = keyHash(deps.secretKey, key)
    reject(hash, failedToken)
    if (cached.get(hash)?.token === failedToken) cached.delete(hash)
    const dropped = await dropToken(deps.db, { hash, token: failedToken })
    deps.log.warn(
      { provider: key.provider, subject: key.subject, dropped },
      'access token refused by the platform',
    )
  }

  async function find(wanted: Wanted): Promise<string> {
    const { hash, key } = wanted
    const stored = await read(deps.db, hash)
    if (stored && isFresh(stored, key, deps.clock())) return remember(hash, stored)
    try {
      return remember(hash, await refresh(wanted))
    } catch (error) {
      if (!stored || !isAlive(stored, deps.clock())) throw error
      deps.log.warn(
        { err: error, provider: key.provider, subject: key.subject },
        'no new access token; the old one still lives',
      )
      return stored.token
    }
  }

  function remember(hash: string, found: StoredToken): string {
    cached.set(hash, found)
    return found.token
  }
}

export type TokenStore = ReturnType<typeof createTokenStore>

/** Fetches, one process at a time, and remembers what was refused: tokens by the platform, and our secret. */
function createRenewal({ db: pool, clock, lockTimeoutMs }: TokenStoreDeps) {
  /**
   * The last token somebody here saw refused, known before its row is gone: another call must not read it from there meanwhile and
   * bring it back. It counts again when the platform itself gives it again.
   */
  const rejected = new Map<string, string>()
  const refusals = new Map<string, { error: unknown; until: number }>()

  return { read, refresh, reject: (hash: string, token: string) => rejected.set(hash, token) }

  async function read(db: Knex, hash: string): Promise<StoredToken | undefined> {
    const stored = await findToken(db, hash)
    return stored?.token === rejected.get(hash) ? undefined : stored
  }

  async function refresh(wanted: Wanted): Promise<StoredToken> {
    const { hash, key } = wanted
    assertNotRefused(hash)
    return oneAtATime(pool, { hash, lockTimeoutMs }, async (db) => {
      const stored = await read(db, hash)
      if (stored && isFresh(stored, key, clock())) return stored
      const fetched = notLongerThan(stored, await fetchOnce(wanted))
      await keepToken(db, { hash, ...fetched })
      return fetched
    })
  }

  async function fetchOnce({ hash, fetchToken }: Wanted): Promise<StoredToken> {
    const fetchedAt = clock()
    const { token, expiresInSeconds } = await fetchToken().catch((error: unknown) => {
      // An answer was a refusal; silence is not, and the caller's next try may come at once.
      if (!(error instanceof OutsideError))
        refusals.set(hash, { error, until: fetchedAt.getTime() + REFUSAL_HOLD_SECONDS * 1000 })
      throw error
    })
    rejected.delete(hash)
    return {
      token,
      fetchedAt,
      expiresAt: new Date(fetchedAt.getTime() + expiresInSeconds * 1000),
    }
  }

  function assertNotRefused(hash: string): void {
    const refusal = refusals.get(hash)
    if (refusal && clock().getTime() < refusal.until) throw refusal.error
    refusals.delete(hash)
  }
}

/** The same token again does not live longer than it was first said to, whatever the answer counts from. */
const notLongerThan = (old: StoredToken | undefined, fetched: StoredToken): StoredToken =>
  old?.token === fetched.token && old.expiresAt < fetched.expiresAt
    ? { ...fetched, expiresAt: old.expiresAt }
    : fetched

const isAlive = ({ expiresAt }: StoredToken, now: Date): boolean => now < expiresAt

function isFresh(found: StoredToken, { renewSecondsBefore }: TokenKey, now: Date): boolean {
  const beforeMargin = found.expiresAt.getTime() - renewSecondsBefore * 1000
  const askAgain = found.fetchedAt.getTime() + ASK_AGAIN_SECONDS * 1000
  return isAlive(found, now) && now.getTime() < Math.max(beforeMargin, askAgain)
}

const keyHash = (secretKey: string, { provider, subject, secret }: TokenKey): string =>
  createHmac('sha256', secretKey).update(`${provider}|${subject}|${secret}`).digest('hex')
