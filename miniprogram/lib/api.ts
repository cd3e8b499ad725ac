import type { SignInAnswer } from '../../shared/api/sign-in.ts'
import { answeredWithin, type Failure } from './answered.ts'
import { serverNow } from './clock.ts'
import { createKept } from './kept.ts'
import { createApi, createRequest, send, toNetworkError } from './request.ts'
import { createSession, isSession } from './session.ts'

const LOGIN_LIMIT_MS = 10_000

/** The one session of the mini-program, kept between starts. */
export const session = createSession({
  login: () =>
    answeredWithin<{ code: string }>(LOGIN_LIMIT_MS, (callbacks) => wx.login(callbacks)).then(
      ({ code }) => code,
      (failure: unknown) => {
        throw toNetworkError((failure as Failure).errno)
      },
    ),
  exchange: (code) =>
    send<SignInAnswer>({ method: 'POST', path: '/api/wechat/openid', body: { code } }),
  storage: createKept('session', isSession),
  now: () => serverNow(),
})

export const api = createApi(createRequest(session))
