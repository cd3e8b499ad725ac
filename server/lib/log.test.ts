import { expect, test } from '@jest/globals'
import { createLog } from './log.ts'

function write(work: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  work(
    createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } }),
  )
  return lines.join('')
}

test('phones are masked wherever they stand', () => {
  const text = write((log) => {
    log.info('call 13800138000 back')
    log.warn(
      {
        deep: { list: [{ note: '+8613800138000，谢谢 138 0013 8000' }] },
        err: new Error('no 13800138000', { cause: new Error('13800138000 again') }),
      },
      'x',
    )
    log.error(new Error('only 13800138000'))
  })
  expect(text).not.toContain('13800138000')
  expect(text).not.toContain('138 0013 8000')
  expect(text.match(/138\*{4}8000/g)!.length).toBeGreaterThanOrEqual(5)
})

test('values named like secrets are left out, at any depth', () => {
  const text = write((log) =>
    log.info(
      {
        accessToken: 'S',
        a: { secret: 'S', bindCode: 'S', authorization: 'S', openid: 'S', nonce: 'S' },
        query: 'x?access_token=S&js_code=S&a=1',
      },
      'x',
    ),
  )
  expect(text).not.toContain('S"')
  expect(text).not.toContain('=S')
  expect(text).toContain('a=1')
})

test('an error keeps what is needed to find it: type, message, number, cause', () => {
  const error = Object.assign(new TypeError('broken', { cause: new Error('deep') }), {
    errcode: 40001,
    endpoint: 'GET /x',
  })
  expect(JSON.parse(write((log) => log.warn({ err: error }, 'oops')))).toMatchObject({
    level: 'warn',
    msg: 'oops',
    err: {
      type: 'TypeError',
      message: 'broken',
      errcode: 40001,
      endpoint: 'GET /x',
      stack: expect.any(String),
      cause: { message: 'deep' },
    },
  })
})
