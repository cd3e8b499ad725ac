import { describe, expect, test } from '@jest/globals'
import { readAnswer, toGet, toPost, UnreadableAnswer } from './wire.rules.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n'

describe('readAnswer', () => {
  test.each([
    ['HTTP/1.1 200 OK\r\nContent-', undefined],
    [`${HEAD}进`, undefined],
    [`${HEAD}进度`, { status: 200, body: '进度', bytes: HEAD.length + 6 }],
    [`${HEAD}进度HTTP/1.1 404`, { status: 200, body: '进度', bytes: HEAD.length + 6 }],
  ])('of %j', (received, wanted) => expect(readAnswer(Buffer.from(received))).toEqual(wanted))

  test('an answer without a length is refused, not waited for', () =>
    expect(() => readAnswer(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow(UnreadableAnswer))
})

test('a read names its session', () =>
  expect(toGet('/api/me', 'token')).toBe(
    'GET /api/me HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer token\r\n\r\n',
  ))

test('a callback has its length in bytes', () =>
  expect(toPost('/x', { nonce: 'a b' }, '进')).toBe(
    'POST /x?nonce=a+b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: 3\r\n\r\n进',
  ))
