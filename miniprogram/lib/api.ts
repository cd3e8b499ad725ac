import type { SignInAnswer } from '../../shared/api/sign-in.ts'
import { serverNow } from './clock.ts'
import { createRequest, send, toNetworkError } from './request.ts'
import { createSession, type KeptSession } from './session.ts'

const KEY = 'session'

/** The one session of the mini-program, kept between starts. */
export const session = createSession({
  login: async () => {
    try {
      return (await wx.login()).code
    } catch {
      throw toNetworkError()
    }
  },
  exchange: (code) =>
    send<SignInAnswer>({ method: 'POST', path: '/api/wechat/openid', body: { code } }),
  storage: {
    read: () => (wx.getStorageSync(KEY) || null) as KeptSession | null,
    write: (kept) => wx.setStorageSync(KEY, kept),
    clear: () => wx.removeStorageSync(KEY),
  },
  now: () => serverNow(),
})

export const request = createRequest(session)
