import { BindCodeAnswer } from '../../../shared/api/binding.ts'
import { toWait } from '../../../shared/wait.ts'
import { HttpError } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { BindCodes } from './bind-codes.ts'

export function createBindCodeRoutes(bindCodes: Pick<BindCodes, 'issue'>): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/binding/code',
        who: 'customer',
        summary: 'A bind code and a bind link',
        data: BindCodeAnswer,
      },
      async ({ caller }) => {
        const issued = await bindCodes.issue(caller.accountId)
        if (issued.kind === 'too_soon') throw tooSoon(issued.waitMs)
        return { data: issued.answer, message: '验证码 5 分钟内有效' }
      },
    ),
  ]
}

function tooSoon(waitMs: number): HttpError {
  const { text, seconds } = toWait(waitMs)
  return new HttpError(429, 'binding.code_too_soon', `获取太频繁了，请 ${text}后再获取新的验证码`, {
    'Retry-After': String(seconds),
  })
}
