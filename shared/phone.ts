const MOBILE = /^1[3-9]\d{9}$/
const FULL_WIDTH_ZERO = 0xff10

/** Full-width digits and plus sign, as Chinese keyboards type them, become ASCII. */
function toHalfWidth(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - FULL_WIDTH_ZERO))
    .replace(/＋/g, '+')
}

/**
 * The one phone rule (D8): trims, takes full-width digits, spaces, dashes and the country code away, and answers
 * 11 digits, or null for anything that is not a mobile number of the Chinese mainland.
 */
export function normalisePhone(text: string): string | null {
  const digits = toHalfWidth(text).replace(/[\s\u00a0\u3000()（）\-‐-―－]/g, '').replace(/^(?:\+86|0086|86(?=1\d{10}$))/, '')
  return MOBILE.test(digits) ? digits : null
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
 * What a customer message says as a bind code: the whole message is 6 or 8 digits once full-width digits, spaces
 * and dashes are taken away; null when it is not a try.
 */
export function readBindCode(text: string): string | null {
  const digits = toHalfWidth(text).replace(/[\s\u00a0\u3000\-‐-―－]/g, '')
  return /^(?:\d{6}|\d{8})$/.test(digits) ? digits : null
}
