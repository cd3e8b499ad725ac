import type { WeixinCall } from './weixin.call.ts'
import { isRefusal } from './weixin.errors.ts'

type PhoneExchange =
  { kind: 'phone'; phone: string } | { kind: 'refused'; reason: 'code_invalid' | 'foreign_number' }

const MAINLAND = '86'

export function createPhone(call: Pick<WeixinCall, 'tell'>) {
  return { exchangeCode }

  /**
   * The phone WeChat has for the holder of a phone-number code; `openid` makes WeChat refuse a code of somebody else. The code works
   * once within 5 minutes and each success is billed: never repeated. A number of another country is refused: without its country
   * it may read as a mainland number, which is somebody else's. Throws WeixinError and OutsideError.
   * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html
   */
  async function exchangeCode(code: string, openid: string): Promise<PhoneExchange> {
    try {
      const told = await call.tell('/wxa/business/getuserphonenumber', { code, openid })
      const { purePhoneNumber: phone, countryCode } = (told['phone_info'] ?? {}) as {
        purePhoneNumber?: unknown
        countryCode?: unknown
      }
      if (typeof phone !== 'string') return { kind: 'refused', reason: 'code_invalid' }
      return String(countryCode) === MAINLAND
        ? { kind: 'phone', phone }
        : { kind: 'refused', reason: 'foreign_number' }
    } catch (error) {
      if (isRefusal(error)) return { kind: 'refused', reason: 'code_invalid' } // what a spent code answers is in no source
      throw error
    }
  }
}
