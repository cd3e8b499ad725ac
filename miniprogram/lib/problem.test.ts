import { expect, test } from '@jest/globals'
import { toMessage, toProblem } from './problem.ts'
import { RequestError, toNetworkError } from './request.ts'

test('who may not look reads what is missing in the words of the pages: programs read those of the source', () => {
  const message = '您还没有查询权限，请联系销售人员通过手机号搜索添加您'
  expect(toProblem(new RequestError(403, { code: 'projects.not_allowed', message }))).toMatchObject(
    { kind: 'denied', text: expect.stringMatching(/绑定.*顾问按手机号添加您/) },
  )
})

test('a refusal shows the words of the server', () =>
  expect(
    toProblem(new RequestError(404, { code: 'projects.unknown', message: '没有这个项目' })),
  ).toMatchObject({ kind: 'gone', text: '没有这个项目' }))

test('an account that WeChat blocks is not sent to the bind page', () =>
  expect(
    toProblem(new RequestError(403, { code: 'session.blocked', message: '暂时不能登录' })),
  ).toMatchObject({
    kind: 'error',
    text: '暂时不能登录',
  }))

test("no network is not the server's fault", () =>
  expect(toProblem(toNetworkError())).toMatchObject({ kind: 'offline', title: '网络没有连上' }))

test('a failure of the server gives the number to tell, a refusal does not', () => {
  expect(
    toProblem(
      new RequestError(500, { code: 'service.internal', message: '服务出错了', requestId: 'r-9' }),
    ),
  ).toMatchObject({ kind: 'error', trace: 'r-9' })
  expect(
    toProblem(
      new RequestError(429, { code: 'session.too_fast', message: '太频繁', requestId: 'r-9' }),
    ),
  ).toMatchObject({ title: '操作有点频繁', trace: '' })
})

test('a mistake of ours is not shown in English', () => {
  expect(toProblem(new TypeError('x is undefined')).text).not.toMatch(/undefined/)
  expect(toMessage(new TypeError('x is undefined'))).toBe('没有成功，请再试一次')
})
