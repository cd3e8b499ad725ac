import { BindCodeAnswer } from '../../../shared/api/binding.ts'
import { toWait } from '../../../shared/wait.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { BindCodes } from './bind-codes.ts'

const REFUSED = {
  too_soon: [429, 'binding.code_too_soon', '获取太频繁了，请 {wait}后再获取新的绑定码'],
} satisfies Refusals

export function createBindCodeRoutes(bindCodes: Pick<BindCodes, 'issue'>): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/binding/code',
        who: 'customer',
        summary: 'A bind code and a bind link',
        data: BindCodeAnswer,
        refusals: REFUSED,
      },
      async ({ caller }) => {
        const issued = await bindCodes.issue(caller.accountId)
        if (issued.kind !== 'too_soon')
          return { data: issued.answer, message: '绑定码 5 分钟内有效' }
        const { text, seconds } = toWait(issued.waitMs)
        return { refused: 'too_soon', words: { wait: text }, retryAfterSeconds: seconds }
      },
    ),
  ]
}
