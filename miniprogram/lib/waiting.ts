import type { WhyCode } from '../../shared/api/why.ts'

/**
 * Whether waiting ends by itself. `ends`: somebody has been told and can end it; `phone`: nobody has, because nobody knows
 * whom to look for; `endless`: only a word to somebody helps; `unknown`: a newer server may say what this version does not know.
 */
export type Waiting = 'ends' | 'phone' | 'endless' | 'unknown'

const WAITING: Partial<Record<WhyCode, Waiting>> = {
  not_added: 'ends',
  phone_missing: 'ends',
  phone_in_question: 'ends',
  added_otherwise: 'endless',
  customer_searched: 'endless',
  suspended: 'endless',
}

/** What a customer who is bound and sees no projects waits for. */
export function toWaiting(code: WhyCode, hasStated: boolean): Waiting {
  if (code === 'no_phone_stated') return hasStated ? 'ends' : 'phone'
  return WAITING[code] ?? 'unknown'
}
