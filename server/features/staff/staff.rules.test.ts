import { describe, expect, test } from '@jest/globals'
import { chooseReceivers, chooseToldOfBound, type Receivers, isOwnPage, readAttempt, readRow, type TieLine, toAdvisorText, toBoundCard, toCard, toReturnPath, toRowPath, toTiesText, toUnreachedText, toWaited, writeAttempt } from './staff.rules.ts'

const NOW = new Date('2026-05-01T04:00:00Z')

describe('where a sign-in may lead', () => {
  test.each(['/staff/', '/staff/groups', '/staff/groups/new?order=SO-1&x=%E4%BD%A0'])('%s is ours', (path) => expect(toReturnPath(path)).toBe(path))
  test.each([undefined, '', 'https://evil.example/', '//evil.example', '/\\evil.example', '/staff//evil.example', '/staff/../api', '/staff', '/api/me', 'javascript:alert(1)', '/staff/\n', '/staff/@x', `/staff/${'a'.repeat(600)}`])(
    '%j is not', (path) => expect(toReturnPath(path)).toBe('/staff/'))
})

describe('an attempt to sign in', () => {
  const attempt = { nonce: 'n'.repeat(22), returnPath: '/staff/groups?a=1', expiresAt: new Date('2026-05-01T04:10:00Z') }
  test('is read as it was written, until its end', () => {
    expect(readAttempt(writeAttempt(attempt), NOW)).toEqual(attempt)
    expect(readAttempt(writeAttempt(attempt), new Date('2026-05-01T04:10:00Z'))).toBeNull()
  })
  test.each(['', 'x', '9999999999.short.%2F', `9999999999.${'n'.repeat(22)}.a b`])('%j is none', (cookie) => expect(readAttempt(cookie, NOW)).toBeNull())
  test('with a broken path leads home', () => expect(readAttempt(`9999999999.${'n'.repeat(22)}.%E4`, NOW)).toMatchObject({ returnPath: '/staff/' }))
})

test.each([
  ['https://a.example/staff/', true], ['https://a.example', true], ['https://a.example?x', true], ['https://a.example.evil.example/', false],
  ['https://a.example@evil.example/', false], ['http://a.example/', false], ['https://b.example/https://a.example/', false],
])('%s is a page of https://a.example: %s', (url, own) => expect(isOwnPage(url, 'https://a.example')).toBe(own))

const NOBODY: Receivers = { responsible: [], named: [], onDuty: [], mayAdd: [] }
test.each<[string, Partial<Receivers>, string[]]>([
  ['who has to do with him', { responsible: ['b', 'a'], named: ['n'], onDuty: ['a'], mayAdd: ['a', 'b'] }, ['a', 'b']],
  ['of those only who can add him', { responsible: ['a', 'gone'], mayAdd: ['A', 'b'] }, ['a']],
  ['else who is named', { responsible: ['gone'], named: ['n'], onDuty: ['a'], mayAdd: ['a'] }, ['n']],
  ['else who is on duty', { onDuty: ['b', 'robot'], mayAdd: ['a', 'b'] }, ['b']],
  ['else all who can add him', { onDuty: ['robot'], mayAdd: ['b', 'a', 'B'] }, ['B', 'a']],
  ['else nobody', {}, []],
])('a waiting customer is told to %s', (_, who, expected) => expect(chooseReceivers({ ...NOBODY, ...who })).toEqual(expected))

test('the card names at most three, masked', () => {
  expect(toCard(['138****8000'])).toEqual({ title: '有客户等待添加', description: '客户 138****8000 留下了手机号，请在企业微信里搜索手机号添加。' })
  const many = toCard(Array.from({ length: 40 }, () => '138****8000'))
  expect(many.title).toBe('有 40 位客户等待添加')
  expect(many.description.match(/138/g)).toHaveLength(3)
  expect(many.description).toContain(' 等，')
})

describe('where a message leads', () => {
  test.each([
    ['one', ['claim-12'], '/staff/?row=claim-12'], ['several', ['claim-12', 'claim-13'], '/staff/?row=waiting'],
  ])('of %s', (_, rows, path) => {
    expect(toRowPath(rows, 'waiting')).toBe(path)
    expect(toReturnPath(path)).toBe(path) // the sign-in keeps it
    expect(readRow(new URL(path, 'https://a.example').searchParams.get('row'))).toBe(rows.length === 1 ? rows[0] : 'waiting')
  })
  test.each([undefined, '', 'claim-', 'claim-1"', 'claim-1234567890123', 'waiting ', 'main', 'toast', ['claim-1'], 'claim-1\nx'])('%j is no row', (asked) => expect(readRow(asked)).toBeNull())
})

describe('what members read of bound customers who cannot query', () => {
  test('names them, the first three', () => {
    expect(toBoundCard('unstated', ['山水有相逢'])).toEqual({ title: '有客户已绑定，没有留手机号', description: expect.stringMatching(/^「山水有相逢」已绑定/) })
    const many = toBoundCard('added_otherwise', ['甲', null, '丙', '丁'])
    expect([many.title, many.description.split('已绑定')[0]]).toEqual(['有 4 位客户加的方式不算', '「甲」、一位客户、「丙」 等'])
  })
  test('fits into what an app message may hold', () => {
    for (const kind of ['unstated', 'added_otherwise'] as const) {
      const { title, description } = toBoundCard(kind, Array.from({ length: 1000 }, () => '很'.repeat(200)))
      expect([Buffer.byteLength(title) <= 128, Buffer.byteLength(description) <= 512]).toEqual([true, true])
    }
  })
  test('who has to do with one hears of him, whether or not he may add him; else as of one who waits', () => {
    const others = { named: ['boss'], onDuty: ['lisi'], mayAdd: ['lisi'] }
    expect(chooseToldOfBound({ responsible: ['designer', 'Designer'], ...others })).toEqual(['Designer'])
    expect(chooseToldOfBound({ responsible: [], ...others })).toEqual(['boss'])
    expect(chooseToldOfBound({ responsible: [], ...others, named: [] })).toEqual(['lisi'])
  })
})

test.each([['2026-05-01T04:00:20Z', '刚刚'], ['2026-05-01T03:59:40Z', '刚刚'], ['2026-05-01T03:30:00Z', '30 分钟前'], ['2026-05-01T01:00:00Z', '3 小时前'], ['2026-04-28T04:00:00Z', '3 天前']])(
  '%s was %s', (since, words) => expect(toWaited(new Date(since), NOW)).toBe(words))

describe('what members read of bindings', () => {
  const line = (more: Partial<TieLine> = {}): TieLine => ({ kind: 'made', name: '王小明', phoneMasked: '139****0001', app: 'miniprogram', way: '某种方式', byAdmin: false, ...more })

  test.each([
    ['a tie', line(), '· 王小明 139****0001 已绑定小程序（某种方式）'],
    ['of the official account', line({ app: 'official' }), '· 王小明 139****0001 已绑定公众号（某种方式）'],
    ['without phone', line({ phoneMasked: null }), '· 王小明 已绑定小程序（某种方式）'],
    ['without anything known', line({ name: null, phoneMasked: null }), '· 一位客户 已绑定小程序（某种方式）'],
    ['an end by the customer', line({ kind: 'ended' }), '· 王小明 139****0001 的绑定已解除（在小程序里操作）'],
    ['a name that is cut, and never inside an emoji', line({ name: `${'王'.repeat(19)}👨‍👩‍👧‍👦` }), expect.stringMatching(/^· 王{19} 139/) as unknown as string],
    ['an end by an admin', line({ kind: 'ended', byAdmin: true }), '· 王小明 139****0001 的绑定已解除（工作人员操作）'],
  ])('%s', (_, tie, expected) => {
    expect(toTiesText([tie]).split('\n')[1]).toEqual(expected)
  })

  test('one line for a person with two apps, and the way to end it', () => {
    expect(toTiesText([line({ kind: 'ended' }), line({ kind: 'ended', app: 'official' })]).split('\n')).toEqual(['客户的绑定有变化：', expect.any(String), expect.stringContaining('「解绑」')])
  })

  test('a hundred with the longest names fit into what an app message may hold', () => {
    const text = toTiesText(Array.from({ length: 100 }, (_, index) => line({ name: `${String(index)}${'很'.repeat(200)}`, way: '授权的微信手机号与顾问添加的一致' })))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048)
    expect(text).toContain('共 100 条')
  })
})

test('an advisor reads at most ten lines of what his customers did, and how many there are; they fit into an app message', () => {
  const text = toAdvisorText(Array.from({ length: 12 }, (_, index) => `第 ${String(index)} 条${'很'.repeat(200)}`))
  expect(text.split('\n')).toHaveLength(12)
  expect(text).toMatch(/\n……共 12 条$/)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048)
})

test('customers who were not reached are told in lines that fit into an app message', () => {
  const long = '长'.repeat(60)
  const text = toUnreachedText(Array.from({ length: 12 }, () => ({ name: long, phoneMasked: '138****0000', title: long, stage: long })))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048)
  expect(text).toMatch(/……共 12 位$/)
})
