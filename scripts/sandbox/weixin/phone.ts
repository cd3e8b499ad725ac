import { optional, record, text } from '../base/check.ts'
import { ControlError, Refusal } from '../base/refusal.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import type { Stage } from '../world/stage.ts'
import type { Person } from '../world/types.ts'

const CODE_SECONDS = 300
const readBody = record({ code: text(), openid: optional(text()) })

/** What the phone-number button yields: another code than wx.login's, 5 minutes, one exchange. A number of any country may be bound. */
export function issuePhoneCode(
  stage: Stage,
  { personId, phone }: Person,
  countryCode = '86',
): string {
  if (phone === null)
    throw new ControlError(409, 'no phone is bound to this WeChat: the button yields nothing')
  const code = `p${stage.makeId(31)}`
  stage.world.phoneCodes[code] = {
    personId,
    phone,
    countryCode,
    issuedAt: stage.now(),
    used: false,
  }
  return code
}

/** POST wxa/business/getuserphonenumber (M:getPhoneNumber). */
export function phoneNumber(stage: Stage, body: unknown): Record<string, unknown> {
  const { code: text, openid } = readBody(body, 'body')
  const code = Object.hasOwn(stage.world.phoneCodes, text)
    ? stage.world.phoneCodes[text]
    : undefined
  const person = code && stage.world.people[code.personId]
  if (
    code === undefined ||
    person === undefined ||
    code.used ||
    stage.now() - code.issuedAt > CODE_SECONDS
  )
    throw new Refusal(40029, 'invalid code')
  if (openid !== undefined && openid !== person.openid) throw new Refusal(40003, 'invalid openid')
  code.used = true
  return {
    phone_info: {
      phoneNumber: code.countryCode === '86' ? code.phone : `+${code.countryCode}${code.phone}`,
      purePhoneNumber: code.phone,
      countryCode: code.countryCode,
      watermark: { timestamp: stage.now(), appid: sandboxCredentials.miniAppId },
    },
  }
}
