import { OutsideError } from '../../lib/http-client.ts'
import type { WeixinCall } from './weixin.call.ts'
import { WEIXIN_ERRCODE, WeixinError } from './weixin.errors.ts'

type LoginRefusal = 'code_invalid' | 'code_used' | 'blocked' | 'too_fast'

type Login =
  /** `unionid` only if the mini-program is bound to an Open Platform account. */
  | { kind: 'signed-in'; openid: string; unionid?: string }
  | { kind: 'refused'; reason: LoginRefusal }

const REFUSALS: readonly (readonly [number, LoginRefusal])[] = [
  [WEIXIN_ERRCODE.badCode, 'code_invalid'],
  [WEIXIN_ERRCODE.codeMissing, 'code_invalid'],
  [WEIXIN_ERRCODE.codeUsed, 'code_used'],
  [WEIXIN_ERRCODE.userBlocked, 'blocked'],
  [WEIXIN_ERRCODE.userTooFast, 'too_fast'],
]

export function createLogin(call: Pick<WeixinCall, 'asApp'>) {
  return { exchangeCode }

  /**
   * Who the holder of a `wx.login` code is. The code works once within 5 minutes, and even a failed try may spend it: so it is never
   * tried twice; let the page call wx.login again. Throws WeixinError when we are at fault (app id, secret, address) or WeChat is busy,
   * and OutsideError. https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
   */
  async function exchangeCode(code: string): Promise<Login> {
    if (code === '') return { kind: 'refused', reason: 'code_invalid' }
    const path = '/sns/jscode2session'
    try {
      // session_key stays here: we decrypt nothing with it, and who has it can forge the user's data.
      const { openid, unionid } = await call.asApp(path, {
        js_code: code,
        grant_type: 'authorization_code',
      })
      if (typeof openid !== 'string' || openid === '')
        throw new OutsideError('bad_response', {
          endpoint: `GET ${path}`,
          sent: true,
          reason: 'no openid',
        })
      return {
        kind: 'signed-in',
        openid,
        ...(typeof unionid === 'string' && unionid !== '' ? { unionid } : {}),
      }
    } catch (error) {
      const refusal =
        error instanceof WeixinError
          ? REFUSALS.find(([errcode]) => errcode === error.errcode)
          : undefined
      if (refusal === undefined) throw error
      return { kind: 'refused', reason: refusal[1] }
    }
  }
}
