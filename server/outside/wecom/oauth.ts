import type { WecomCall } from './wecom.call.ts'
import { isErrcode, isRefusal, WECOM_ERRCODE } from './wecom.errors.ts'
import { text } from './wecom.read.ts'

export type Visitor =
  | { kind: 'member'; userId: string }
  /** Somebody from outside the company; the id only when a member within the app's range follows him. */
  | { kind: 'customer'; openid: string | undefined; externalUserId: string | undefined }
  /** The code is made up, spent or older than five minutes, by whatever number WeCom says so: the visitor must come again. */
  | { kind: 'refused' }

/** Documented, and of the member or the app: to come again would not help. */
const NOT_OF_THE_CODE = [WECOM_ERRCODE.userNotFound, WECOM_ERRCODE.noApiPermission] as const

/** The platform's own bound. */
const MAX_CODE_BYTES = 512

/**
 * Who opens an H5 page of ours in the WeCom client. Throws WecomError and OutsideError.
 * https://developer.work.weixin.qq.com/document/path/91022
 */
export function createOauth({
  call,
  corpId,
  agentId,
  openBaseUrl,
}: {
  call: WecomCall
  corpId: string
  agentId: number
  openBaseUrl: string
}) {
  return { authorizeUrl, exchange }

  /** Where to send the visitor; `state` comes back with the code and may have letters and digits only, at most 128. */
  function authorizeUrl({ redirectUri, state }: { redirectUri: string; state: string }): string {
    const query = new URLSearchParams({
      appid: corpId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'snsapi_base',
      state,
      agentid: String(agentId),
    })
    return `${openBaseUrl}/connect/oauth2/authorize?${query.toString()}#wechat_redirect`
  }

  /**
   * A code works once, so a repetition after a lost answer finds it used: the visitor then signs in again, unseen by him.
   * https://developer.work.weixin.qq.com/document/path/91023
   */
  async function exchange(code: string): Promise<Visitor> {
    if (code === '' || Buffer.byteLength(code) > MAX_CODE_BYTES) return { kind: 'refused' }
    try {
      const answer = await call.read('/cgi-bin/auth/getuserinfo', { code })
      const userId = text(answer, 'userid')
      if (userId !== undefined) return { kind: 'member', userId }
      return {
        kind: 'customer',
        openid: text(answer, 'openid'),
        externalUserId: text(answer, 'external_userid'),
      }
    } catch (error) {
      if (isRefusal(error) && !isErrcode(error, ...NOT_OF_THE_CODE)) return { kind: 'refused' }
      throw error
    }
  }
}
