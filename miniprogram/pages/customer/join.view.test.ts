import { expect, test } from '@jest/globals'
import { RequestError } from '../../lib/request.ts'
import { toJoinProblem } from './join.view.ts'

test.each<[number, string, object]>([
  [
    404,
    'advisor.invite_invalid',
    { kind: 'denied', title: '这个邀请不能用了', text: expect.stringContaining('重新发一个') },
  ],
  [409, 'advisor.other_advisor', { kind: 'denied', title: '没有接受', text: '服务器的话' }],
  [429, 'advisor.too_often', { kind: 'error', title: '操作有点频繁', text: '服务器的话' }],
  [0, 'network.offline', { kind: 'offline', action: '重新加载' }],
])('%i %s says what to do', (status, code, problem) =>
  expect(toJoinProblem(new RequestError(status, { code, message: '服务器的话' }))).toMatchObject(
    problem,
  ),
)
