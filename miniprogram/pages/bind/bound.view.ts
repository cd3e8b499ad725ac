import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'
import type { WhyCode } from '../../../shared/api/why.ts'
import type { PhoneUse } from '../../components/phone-form/phone-form.view.ts'
import { toWaiting } from '../../lib/waiting.ts'

type Known = { status: BindingStatusAnswer | null; stated: string; chat: object | null }
export type BoundView = {
  title: string
  text: string
  /** Where the button leads. */
  way: 'projects' | 'support' | 'home'
  /** What a phone is asked for; '': it is not. */
  phoneUse: PhoneUse | ''
}

const BOUND = '绑定成功'
/** What is still missing is an advisor's request, which he has to accept. */
const TO_BE_ADDED: ReadonlySet<WhyCode> = new Set(['not_added', 'no_phone_stated'])

/** What to do on a page that is bound: nothing stands in the way, a phone is missing, or somebody has to act. */
export function toBoundView({ status, stated, chat }: Known): BoundView {
  const { why, text = '您现在可以查看自己的项目进度了。' } = status ?? {}
  if (!why)
    return {
      title: BOUND,
      text,
      way: status?.reason === undefined ? 'projects' : 'home',
      phoneUse: '',
    }
  const waiting = toWaiting(why.code, stated !== '')
  if (waiting === 'phone') return { title: BOUND, text, way: 'home', phoneUse: 'next' }
  return {
    title: waiting === 'ends' && TO_BE_ADDED.has(why.code) ? `${BOUND}，请留意好友申请` : BOUND,
    text,
    way: waiting === 'endless' && chat ? 'support' : 'home',
    phoneUse: waiting === 'ends' && stated !== '' ? 'change' : '',
  }
}
