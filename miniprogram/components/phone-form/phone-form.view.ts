import { maskPhone, normalisePhone } from '../../../shared/phone.ts'

/**
 * What the phone is for: so that an advisor finds the customer, as the next step once he is bound, in place of one stated
 * before, or to finish what a card began.
 */
export type PhoneUse = 'tell' | 'next' | 'change' | 'prove'
type PhoneWords = { title: string; note: string; hint: string; button: string }

const TELL: PhoneWords = {
  title: '告诉顾问我的手机号',
  note: '顾问能更快找到您',
  hint: '请填签合同时留的号码。我们只用它来找到您的项目。',
  button: '告诉顾问',
}
export const PHONE_WORDS: Record<PhoneUse, PhoneWords> = {
  tell: TELL,
  next: { ...TELL, title: '您的手机号', button: '提交手机号' },
  change: {
    ...TELL,
    title: '换一个手机号',
    note: '之前填错了，可以在这里改',
    button: '提交手机号',
  },
  prove: {
    title: '填写我的手机号',
    note: '',
    hint: '和顾问登记的一致，就会完成绑定。',
    button: '提交手机号',
  },
}

/** Whether the form stands open, as what the page is about. */
export const isMain = (use: PhoneUse): boolean => use === 'prove' || use === 'next'

type Read = { ok: true; phone: string; masked: string } | { ok: false; hint: string }

/** What the customer typed, as a phone, or what to say about it. */
export function readPhone(typed: string): Read {
  if (typed.trim() === '') return { ok: false, hint: '请先填写您的手机号' }
  const phone = normalisePhone(typed)
  return phone === null
    ? { ok: false, hint: '这个号码不对，请填写 11 位大陆手机号' }
    : { ok: true, phone, masked: maskPhone(phone) }
}
