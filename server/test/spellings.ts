import { seeded } from './wait.ts'

/** What a text says: a phone, a bind code, or nothing that any door may take for one of them. */
export type Spelling = { text: string; kind: 'phone' | 'code' | 'neither'; digits: string }

const INVISIBLE = [
  '\u200b',
  '\u200e',
  '\u202d',
  '\u202c',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\ufe0f',
  '\u0002',
  '\u0085',
  '\u034f',
  '\u3164',
  '\u{e0101}',
]
const SEPARATORS = [' ', '-', '–', '－', '‑', '−', '\u3000', '\u00a0', '\u2009']
const COUNTRY = ['', '', '', '+86', '＋86 ', '0086', '86', '+86-', '（+86）']
const QUOTES: [string, string][] = [
  ['', ''],
  ['', ''],
  ['“', '”'],
  ['「', '」'],
  ['【', '】'],
  ['"', '"'],
  ['(', ')'],
  ['《', '》'],
  ['‘', '’'],
]
const BEFORE_A_PHONE = [
  '',
  '',
  '我的手机号是',
  '手机号：',
  '手机号码:',
  '电话 ',
  '联系方式：',
  '您好，',
  'Tel: ',
  '你好！我的电话：',
  '本人手机 ',
  '号码 ',
]
const BEFORE_A_CODE = [
  '',
  '',
  '验证码',
  '验证码：',
  '我的验证码是',
  '绑定码 ',
  '绑定 ',
  '您好，验证码',
  '码是',
  '我的码是',
  '你好 ',
  'hi ',
]
const AFTER = ['', '', '。', '！', ' 谢谢', '，谢谢您！', '\n多谢', '，', '～', '\n']
const SPOILERS = ['我老婆的', '邮编', '订单号', '¥', '不是', '尾号', 'x', '/']

/** Spellings as phone books, keyboards and people make them; the same for the same seed. No two name the same number. */
export function generateSpellings(seed: number, count: number): Spelling[] {
  const next = seeded(seed)
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!
  const often = (share: number): boolean => next() < share

  const widen = (digits: string): string =>
    [...digits]
      .map((digit) => (often(0.5) ? String.fromCharCode(digit.charCodeAt(0) + 0xfee0) : digit))
      .join('')
  /** `between` stands now and then between two signs, never at an end. */
  const sprinkle = (text: string, between: readonly string[], share: number): string =>
    [...text]
      .map((sign, index) => (index > 0 && often(share) ? pick(between) + sign : sign))
      .join('')
  const hide = (text: string): string =>
    often(0.6) ? pick(INVISIBLE) + sprinkle(text, INVISIBLE, 0.15) + pick(INVISIBLE) : text
  const write = (digits: string): string => {
    const spaced = often(0.6) ? sprinkle(digits, [pick(SEPARATORS)], 0.35) : digits
    return often(0.3) ? widen(spaced).replace(/[^\d０-９]/g, ' ') : spaced
  }
  const quote = (text: string): string => pick(QUOTES).join(text)
  const inPhone = (phone: string): string =>
    pick(BEFORE_A_PHONE) + quote(pick(COUNTRY) + write(phone)) + pick(AFTER)
  const inCode = (code: string): string => pick(BEFORE_A_CODE) + quote(write(code)) + pick(AFTER)

  /** A number that is not alone, lacks a digit, has one too many, or stands beside words that make it another's. */
  const spoil = (text: string, digits: string): string =>
    pick([
      () => `${text} ${digits}`,
      () => text.replace(/[\d０-９](?=[^\d０-９]*$)/u, ''),
      () => text.replace(/[\d０-９](?=[^\d０-９]*$)/u, '$&7'),
      () => pick(SPOILERS) + text,
      () => text + pick(SPOILERS),
      () => `2026-0${String(1 + below(9))}-1${String(below(9))}`,
      () => `${digits}或${digits}`,
    ])()

  return Array.from({ length: count }, (_, index): Spelling => {
    const phone = `1${String(3 + below(7))}${String(below(10))}${String(10_000_000 + index * 7_919 + below(7_000))}`
    const code = String(100_000 + index * 2_801 + below(2_800)).padStart(often(0.3) ? 8 : 6, '0')
    const [kind, digits, text] = often(0.5)
      ? (['phone', phone, inPhone(phone)] as const)
      : (['code', code, inCode(code)] as const)
    return often(0.25)
      ? { kind: 'neither', digits: '', text: hide(spoil(text, digits)) }
      : { kind, digits, text: hide(text) }
  })
}
