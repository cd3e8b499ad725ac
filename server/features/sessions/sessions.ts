// Who is signed in, as customer: keeps sessions (hashes of tokens).
// Woken by every request that shows a token, by `accounts` at a sign-in, and by the clock, which forgets what is over.
// `customers` ends the sessions of accounts that lose their tie, in its own transaction. Tells nobody anything.
import type { Db } from '../../lib/db.ts'
import { gather } from '../../lib/gather.ts'
import { randomToken, sha256 } from '../../lib/secrets.ts'
import * as store from './sessions.store.ts'

const RENEW_AFTER_AT_MOST_MS = 3_600_000

export type SessionCaller = { accountId: number; openid: string; app: 'miniprogram' | 'official' }

/** Opaque 256-bit session tokens; the database knows only their hashes, so ending one works at once everywhere. */
export function createSessions(deps: {
  db: Db
  /** For what customers ask all day, gathered. */
  reads: Db
  lifeHours: number
  clock: () => Date
}) {
  const lifeMs = deps.lifeHours * 3_600_000
  const renewAfterMs = Math.min(RENEW_AFTER_AT_MOST_MS, lifeMs / 4)
  const findLive = gather(async (tokenHashes: readonly Buffer[]) => {
    const found = await store.pageSessions(deps.reads, { tokenHashes, now: deps.clock() })
    const byHash = new Map(found.map((one) => [one.tokenHash.toString('hex'), one]))
    return tokenHashes.map((hash) => byHash.get(hash.toString('hex')))
  })
  return {
    /** Opens a session; the token is told once. */
    open: async (db: Db, { accountId, now }: { accountId: number; now: Date }) => {
      const sessionToken = randomToken(256)
      const expiresAt = new Date(now.getTime() + lifeMs)
      await store.insertSession(db, { tokenHash: sha256(sessionToken), accountId, expiresAt, now })
      return { sessionToken, expiresAt }
    },
    /** Who holds this token; life slides on use, written at most once an hour. */
    find: async (sessionToken: string): Promise<SessionCaller | null> => {
      const tokenHash = sha256(sessionToken)
      const found = await findLive(tokenHash)
      if (!found) return null
      const now = deps.clock()
      if (found.expiresAt.getTime() - now.getTime() < lifeMs - renewAfterMs) {
        await store.extendSession(deps.db, {
          tokenHash,
          expiresAt: new Date(now.getTime() + lifeMs),
        })
      }
      return { accountId: found.accountId, openid: found.openid, app: found.app }
    },
    /** Forgets sessions that are over. */
    tidy: () => store.deleteEndedSessions(deps.db, deps.clock()),
    /** Ends all sessions of these accounts at once. */
    endOf: (db: Db, accountIds: readonly number[]) => store.deleteSessions(db, accountIds),
  }
}
export type Sessions = ReturnType<typeof createSessions>
