import { toProblem, type Problem } from '../../lib/problem.ts'
import { RequestError } from '../../lib/request.ts'

/** The same as for customers, but for who is no advisor. */
export const toAdvisorProblem = (error: unknown): Problem =>
  error instanceof RequestError && error.status === 403
    ? {
        kind: 'denied',
        title: '这里是顾问使用的页面',
        text: error.message,
        action: '回到首页',
        trace: '',
      }
    : toProblem(error)
