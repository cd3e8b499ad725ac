const ORDER_NO = /^[A-Za-z0-9_.-]{1,64}$/
const FULL_WIDTH = 0xfee0
/** Also what comes along when a number is copied out of a chat: no order number has them inside. */
const SPACES = /[\s\u200b-\u200d\u2060]/g

/**
 * An order number as people type it: full-width signs, as Chinese keyboards make them, become ASCII, any dash becomes
 * the plain one, spaces go. Capitals stay as typed. Null for what no order number can be.
 */
export function normaliseOrderNo(text: string): string | null {
  const plain = text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH))
    .replace(/[‐-―−]/g, '-')
    .replace(SPACES, '')
  return ORDER_NO.test(plain) ? plain : null
}
