import type { Refusals } from '../../http/errors.ts'
import type { TookBack } from './questions.ts'

export const NOT_TAKEN_BACK = {
  unknown: [404, 'questions.unknown', '没有可以撤回的回答'],
  too_late: [409, 'questions.too_late', '回答已经生效，不能撤回；要改请联系管理员'],
  not_yours: [409, 'questions.not_yours', '这个回答是别人给的，只有本人或管理员可以撤回'],
} satisfies Refusals

export const toTakenBack = (took: TookBack) =>
  took === 'taken_back'
    ? { data: { takenBack: true as const }, message: '已撤回' }
    : { refused: took }
