import { maskPhone, normalisePhone } from '../../../shared/phone.ts'

type Read = { ok: true; phone: string; masked: string } | { ok: false; hint: string }

/** What the customer typed, as a phone, or what to say about it. */
export function readPhone(typed: string): Read {
  if (typed.trim() === '') return { ok: false, hint: '请先填写您的手机号' }
  const phone = normalisePhone(typed)
  return phone === null ? { ok: false, hint: '这个号码不对，请填写 11 位大陆手机号' } : { ok: true, phone, masked: maskPhone(phone) }
}
