import { findOnlyThing } from './text.ts'

const MOBILE = /^1[3-9]\d{9}$/
const COUNTRY = /^(?:\+86|0086|86(?=1\d{10}$))/
const SPACES_AND_DASHES = /[\s\p{Pd}−]/gu
/** A day has eight digits as well, and its dashes at other places than anybody would put them into a code. */
const DAY = /^(?:19|20)\d\d\p{Pd}\d\d?\p{Pd}\d\d?$/u

/** What people put around a number that they send. Whatever else stands there may make it somebody else's. */
const COURTESY =
  '我的?|[是为]|您好|你好|早上好|上午好|中午好|下午好|晚上好|hello|hi|(?:谢谢|多谢|感谢|thanks)[您你啦了]?'
const OF_A_PHONE = new RegExp(
  `本人的?|联系方式|(?:联系)?(?:手机号?码?|电话号?码?|号码)|telephone|tel|phone|mobile|${COURTESY}`,
  'i',
)
const OF_A_CODE = new RegExp(`验证码|绑定|码|${COURTESY}`, 'i')

const compact = (number: string): string => number.replace(SPACES_AND_DASHES, '')

/** What somebody sends as his number, without the courtesy around it; null when it is not the only thing he says. */
export function toSentNumber(text: string): string | null {
  const said = findOnlyThing(text, OF_A_PHONE)
  return said === null ? null : compact(said)
}

/**
 * The one phone rule (D8), the same at every door: after the text rule, courtesy, spaces, dashes and the country code
 * are taken away. Answers 11 digits, or null for anything that is not one mobile number of the Chinese mainland.
 */
export function normalisePhone(text: string): string | null {
  const digits = toSentNumber(text)?.replace(COUNTRY, '')
  return digits !== undefined && MOBILE.test(digits) ? digits : null
}

/** The valid phones among what somebody typed, each once, in order of first appearance. */
export function toPhones(typed: readonly string[]): string[] {
  return [...new Set(typed.map(normalisePhone).filter((phone) => phone !== null))]
}

/** 13800138000 -> 138****8000 (R4.31). */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`
}

/**
 * What a customer message says as a bind code (D24): 6 or 8 digits, however spaced, and nothing else but courtesy;
 * null when it is no try.
 */
export function readBindCode(text: string): string | null {
  const said = findOnlyThing(text, OF_A_CODE)
  if (said === null || DAY.test(said)) return null
  const digits = compact(said)
  return /^(?:\d{6}|\d{8})$/.test(digits) ? digits : null
}
