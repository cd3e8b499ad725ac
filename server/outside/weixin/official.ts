import { cutText } from '../../../shared/cut-text.ts'
import { createHttpClient, type HttpClient } from '../../lib/http-client.ts'
import { createWeixinCall, type WeixinCall } from './weixin.call.ts'
import { WEIXIN_ERRCODE, WeixinError } from './weixin.errors.ts'
import type { WeixinOptions } from './weixin.ts'

export type OfficialUser =
  /** `unionid` only for a follower, and only if the account is bound to an Open Platform account. */
  | { kind: 'known'; subscribed: boolean; unionid?: string }
  | { kind: 'refused'; reason: 'unknown_openid' | 'not_authorized' }

export type OfficialSendRefusal =
  'too_late' | 'too_many' | 'not_following' | 'unknown_openid' | 'not_authorized'
type OfficialSent = { kind: 'sent' } | { kind: 'refused'; reason: OfficialSendRefusal }

const SEND_REFUSALS: readonly (readonly [number, OfficialSendRefusal])[] = [
  [WEIXIN_ERRCODE.replyTooLate, 'too_late'],
  [WEIXIN_ERRCODE.tooManyReplies, 'too_many'],
  [WEIXIN_ERRCODE.notFollowing, 'not_following'],
  [WEIXIN_ERRCODE.badOpenid, 'unknown_openid'],
  [WEIXIN_ERRCODE.notAuthorized, 'not_authorized'],
]
const USER_REFUSALS = SEND_REFUSALS.filter(
  (row): row is readonly [number, 'unknown_openid' | 'not_authorized'] =>
    row[1] === 'unknown_openid' || row[1] === 'not_authorized',
)

/** Everything we say to WeChat for the official account. `close` lets go of idle connections. */
export function createOfficial({ baseUrl, timeoutMs = 8_000, ...rest }: WeixinOptions) {
  const http: HttpClient = createHttpClient({ baseUrl, timeoutMs })
  const call: Pick<WeixinCall, 'read' | 'tell'> = createWeixinCall({ http, ...rest })

  return { userInfo, sendText, close: http.close }

  /**
   * Whether somebody follows, and his unionid. An account without this right (not verified) is refused once and for all. Throws
   * WeixinError and OutsideError: then nothing is known, which is not the same as having no unionid (D15).
   * https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html
   */
  async function userInfo(openid: string): Promise<OfficialUser> {
    try {
      const { subscribe, unionid } = await call.read('/cgi-bin/user/info', {
        openid,
        lang: 'zh_CN',
      })
      return {
        kind: 'known',
        subscribed: subscribe === 1,
        ...(typeof unionid === 'string' && unionid !== '' && { unionid }),
      }
    } catch (error) {
      return { kind: 'refused', reason: toRefusal(error, USER_REFUSALS) }
    }
  }

  /**
   * A customer-service message, cut at 2048 bytes: 5 within 48 h of his last message. Never repeated once it may have arrived. Throws WeixinError and
   * OutsideError. https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
   */
  async function sendText(openid: string, text: string): Promise<OfficialSent> {
    try {
      await call.tell('/cgi-bin/message/custom/send', {
        touser: openid,
        msgtype: 'text',
        text: { content: cutText(text, { bytes: 2048 }) },
      })
      return { kind: 'sent' }
    } catch (error) {
      return { kind: 'refused', reason: toRefusal(error, SEND_REFUSALS) }
    }
  }
}

export type Official = ReturnType<typeof createOfficial>

function toRefusal<R>(error: unknown, refusals: readonly (readonly [number, R])[]): R {
  const refusal =
    error instanceof WeixinError
      ? refusals.find(([errcode]) => errcode === error.errcode)
      : undefined
  if (refusal === undefined) throw error
  return refusal[1]
}
