import type { WeixinCall } from './weixin.call.ts'
import { isRefusal } from './weixin.errors.ts'

type PhoneExchange = { kind: 'phone'; phone: string } | { kind: 'refused'; reason: 'code_invalid' }

export function createPhone(call: Pick<WeixinCall, 'tell'>) {
  return { exchangeCode }

  /**
   * The phone WeChat has for the holder of a phone-number code; `openid` makes WeChat refuse a code of somebody else. The code works
   * once within 5 minutes and each success is billed: never repeated. Throws WeixinError and OutsideError.
   * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html
   */
  async function exchangeCode(code: string, openid: string): Promise<PhoneExchange> {
    try {
      const info = (await call.tell('/wxa/business/getuserphonenumber', { code, openid }))[
        'phone_info'
      ]
      const phone =
        typeof info === 'object' && info !== null && 'purePhoneNumber' in info
          ? info.purePhoneNumber
          : undefined
      return typeof phone === 'string'
        ? { kind: 'phone', phone }
        : { kind: 'refused', reason: 'code_invalid' }
    } catch (error) {
      if (isRefusal(error)) return { kind: 'refused', reason: 'code_invalid' } // what a spent code answers is in no source
      throw error
    }
  }
}
