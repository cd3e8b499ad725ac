import { MeAnswer, SignInAnswer, SignInBody } from '../../../shared/api/sign-in.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Accounts } from './accounts.ts'

const REFUSED = {
  code_invalid: [400, 'session.code_invalid', '登录凭证无效或已过期，请重新进入小程序'],
  code_used: [400, 'session.code_used', '登录凭证已经用过，请重新进入小程序'],
  blocked: [403, 'session.blocked', '微信判定该帐号存在风险，暂时不能登录'],
  too_fast: [429, 'session.too_fast', '登录太频繁，请一分钟后再试', { 'Retry-After': '60' }],
} satisfies Refusals

export function createAccountRoutes(accounts: Accounts): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/wechat/openid',
        who: 'public',
        summary: 'Sign in with a wx.login code (R2.2)',
        body: SignInBody,
        data: SignInAnswer,
        refusals: REFUSED,
      },
      async ({ body }) => {
        const signedIn = await accounts.signIn(body.code)
        if (signedIn.kind === 'refused') return { refused: signedIn.reason }
        const { openid, sessionToken, expiresAt } = signedIn
        return {
          data: { openid, sessionToken, expiresAt: expiresAt.toISOString() },
          message: '获取openid成功',
        }
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/me',
        who: 'customer',
        summary: 'Where I stand and what to do next',
        data: MeAnswer,
      },
      async ({ caller }) => ({ data: await accounts.describe(caller) }),
    ),
  ]
}
