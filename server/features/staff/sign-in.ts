import type { Db } from '../../lib/db.ts'
import { randomToken, sameText, sha256, type Secrets } from '../../lib/secrets.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { Members } from '../members/members.ts'
import { readAttempt, toReturnPath, writeAttempt } from './staff.rules.ts'
import * as store from './staff.store.ts'

type Deps = {
  db: Db
  platforms: Pick<Wecom, 'oauth'>
  members: Pick<Members, 'learn' | 'standingNow'>
  secrets: Pick<Secrets, 'hmac'>
  /** PUBLIC_BASE_URL: WeCom sends people back only to the trusted domain of the app. null: not set, nobody can sign in. */
  baseUrl: string | null
  clock: () => Date
}
export type Entered =
  | { kind: 'entered'; sessionToken: string; expiresAt: Date; returnPath: string }
  /** forged: not begun in this browser, or too long ago; code_invalid: WeCom does not know the code (any more); not_staff: a customer. */
  | { kind: 'refused'; reason: 'forged' | 'code_invalid' | 'not_staff' }

const ATTEMPT_MS = 10 * 60_000
export const SESSION_MS = 12 * 3_600_000

/**
 * Members sign in by WeCom OAuth. What the browser keeps during the trip is hashed into the `state`, so a state works
 * only in the browser it was made for, only for ten minutes, and nothing has to be stored here.
 */
export function createStaffSignIn(deps: Deps) {
  return {
    /** Where to send the visitor, and what his browser must keep until he is back; null while PUBLIC_BASE_URL is not set. */
    begin: (asked: string | undefined) => begin(deps, asked),
    /** He is back: with the code of the platform, the state, and what his browser kept. */
    finish: (back: { code: string; state: string; attempt: string }) => finish(deps, back),
    /** Who holds this cookie; null when it is over. A stolen cookie must not live on by being used: 12 hours, never longer. */
    find: async (sessionToken: string): Promise<store.Session | null> =>
      (await store.findSession(deps.db, {
        tokenHash: sha256(sessionToken),
        now: deps.clock(),
      })) ?? null,
    end: (sessionId: Buffer) => store.deleteSession(deps.db, sessionId),
    /** The member is no longer with the company: every session of his is over. */
    endAllOf: (userId: string) => store.deleteSessionsOf(deps.db, userId),
    /** Whether this member still works here; if not, every session of his is over. */
    vouch: (userId: string) => vouch(deps, userId),
    /** Forgets sessions that are over. */
    tidy: () => store.deleteEndedSessions(deps.db, deps.clock()),
  }
}
export type StaffSignIn = ReturnType<typeof createStaffSignIn>

async function vouch(deps: Deps, userId: string): Promise<'here' | 'left' | 'unknown'> {
  const standing = await deps.members.standingNow(userId)
  if (standing === 'left') await store.deleteSessionsOf(deps.db, userId)
  return standing
}

const stateOf = (deps: Deps, attempt: string): string =>
  deps.secrets.hmac('staff-sign-in', attempt).toString('hex')

function begin(
  deps: Deps,
  asked: string | undefined,
): { location: string; attempt: string; keptSeconds: number } | null {
  if (deps.baseUrl === null) return null
  const expiresAt = new Date(deps.clock().getTime() + ATTEMPT_MS)
  const attempt = writeAttempt({
    nonce: randomToken(128),
    returnPath: toReturnPath(asked),
    expiresAt,
  })
  const location = deps.platforms.oauth.authorizeUrl({
    redirectUri: `${deps.baseUrl}/api/staff/callback`,
    state: stateOf(deps, attempt),
  })
  return { location, attempt, keptSeconds: ATTEMPT_MS / 1000 }
}

async function finish(
  deps: Deps,
  { code, state, attempt }: { code: string; state: string; attempt: string },
): Promise<Entered> {
  const begun = sameText(state, stateOf(deps, attempt)) ? readAttempt(attempt, deps.clock()) : null
  if (!begun) return { kind: 'refused', reason: 'forged' }
  const visitor = await deps.platforms.oauth.exchange(code)
  if (visitor.kind !== 'member')
    return { kind: 'refused', reason: visitor.kind === 'customer' ? 'not_staff' : 'code_invalid' }
  const now = deps.clock()
  const [sessionToken, expiresAt] = [randomToken(256), new Date(now.getTime() + SESSION_MS)]
  await deps.members.learn(visitor.userId) // so that the first page has his name
  await store.insertSession(deps.db, {
    tokenHash: sha256(sessionToken),
    userId: visitor.userId,
    now,
    expiresAt,
  })
  return { kind: 'entered', sessionToken, expiresAt, returnPath: begun.returnPath }
}
