import type { SignInAnswer } from '../../shared/api/sign-in.ts'
import { RequestError } from './request.ts'

/** `expiresAt` in server milliseconds. */
export type KeptSession = { token: string; expiresAt: number }

/** Whether that is what an earlier start has kept: storage gives back whatever lies there. */
export function isSession(stored: unknown): stored is KeptSession {
  const { token, expiresAt } = (stored ?? {}) as Partial<KeptSession>
  return typeof token === 'string' && typeof expiresAt === 'number'
}

type SessionDeps = {
  /** A fresh code of wx.login. */
  login: () => Promise<string>
  exchange: (code: string) => Promise<SignInAnswer>
  storage: { read: () => KeptSession | null; write: (kept: KeptSession) => void; clear: () => void }
  now: () => number
}

const RENEW_BEFORE_END_MS = 60_000

/** Who is using the phone: signs in without a form, once at a time however many ask. */
export function createSession(deps: SessionDeps) {
  let flying: Promise<string> | null = null
  const signIn = (): Promise<string> => {
    flying ??= enter(deps).finally(() => {
      flying = null
    })
    return flying
  }
  return {
    /** The token to send, after a sign-in when there is none. */
    token: async (): Promise<string> => {
      const kept = deps.storage.read()
      return kept && kept.expiresAt - RENEW_BEFORE_END_MS > deps.now() ? kept.token : signIn()
    },
    /** A token other than the one that the server refused. */
    renew: async (refused: string): Promise<string> => {
      const kept = deps.storage.read()
      return kept && kept.token !== refused ? kept.token : signIn()
    },
    /** Forgets the session; the next call signs in again. */
    end: (): void => deps.storage.clear(),
  }
}
export type Session = ReturnType<typeof createSession>

async function enter(deps: SessionDeps): Promise<string> {
  deps.storage.clear()
  const { sessionToken, expiresAt } = await exchangeFresh(deps).catch((error: unknown) => {
    if (isSpent(error)) return exchangeFresh(deps)
    throw error
  })
  deps.storage.write({ token: sessionToken, expiresAt: Date.parse(expiresAt) })
  return sessionToken
}

const exchangeFresh = async ({ login, exchange }: SessionDeps): Promise<SignInAnswer> =>
  exchange(await login())

/** WeChat gives a phone the same code again for a while (40163), or one that has just ended (40029): the next is good. */
const isSpent = (error: unknown): boolean =>
  error instanceof RequestError &&
  (error.code === 'session.code_used' || error.code === 'session.code_invalid')
