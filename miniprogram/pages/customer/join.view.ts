import { toProblem, type Problem } from '../../lib/problem.ts'
import { RequestError } from '../../lib/request.ts'

const again = (title: string, text: string): Problem => ({
  kind: 'denied',
  title,
  text,
  action: '',
  trace: '',
})

/** An invitation that leads nowhere: what he can do himself, in the server's words where it knows more. */
export function toJoinProblem(error: unknown): Problem {
  if (!(error instanceof RequestError)) return toProblem(error)
  if (error.code === 'advisor.invite_invalid')
    return again(
      '这个邀请不能用了',
      '邀请只能用一次，7 天内有效；新的邀请会让旧的失效。请公司的管理员重新发一个给您。如果您已经接受过，请到「我的」里打开顾问工作台。',
    )
  if (error.code === 'advisor.other_advisor') return again('没有接受', error.message)
  return toProblem(error)
}
