import { describe, expect, test } from '@jest/globals'
import type { OfficialPush } from '../../outside/weixin/official.push.ts'
import { isWorthIdentifying, mayWriteTo, saysMayQuery, toSign, understand, type Reach } from './official-account.rules.ts'
import { CLAIMED, toTooSoonText } from './official-account.texts.ts'

const head = { openid: 'o1', originalId: 'gh_1', key: 'k' }
const text = (words: string): OfficialPush => ({ ...head, kind: 'text', text: words })

describe('understand', () => {
  test.each(['13800138000', '138 0013 8000', '+86-138-0013-8000', '008613800138000', '１３８００１３８０００', '手机号：13800138000', '我的手机号是13800138000。', '电话 13800138000', '(138)00138000',
    '“13800138000”', '"13800138000"', '「13800138000」', '【138 0013 8000】', '手机号：“13800138000”', '<13800138000>', '\u202d13800138000\u202c', '13800138000，',
    '13800138000\n谢谢', '13800138000 谢谢！', '13800138000，谢谢您。', '您好，13800138000', '你好！我的手机号是13800138000，谢谢', '您好\n13800138000\n谢谢', 'hi 13800138000',
    'tel:13800138000', 'Tel 13800138000', 'TEL：138-0013-8000', 'Tel. 13800138000', 'tel:+86-138-0013-8000', 'phone: 13800138000', '联系方式：13800138000', '本人手机 13800138000'])('%j is a phone', (words) => {
    expect(understand(text(words))).toEqual({ kind: 'phone', phone: '13800138000' })
  })
  test.each([
    '', '你好', '谢谢', '您好，谢谢', '13800138000 13900139000', '13800138000\n13900139000', '“13800138000”“13900139000”', '13800138000或13900139000', '订单 13800138000', '订单号：13800138000',
    '我老婆的电话是13800138000', '您好，我“老婆”13800138000', '13800138000是我同事', '谢谢，13800138000已经打过了', '客服电话13800138000', 'hotel 13800138000', '123456', '「123456」', '1234567890123456', '1380013800a', '我要解绑',
  ])('%j is for nobody', (words) => expect(understand(text(words))).toEqual({ kind: 'unclear' }))
  test.each(['12800138000', '1380013800', '138001380001', '1234567', '123456789012345', '010-88886666', '+1 2025550123', '手机号：1380013800', '“1380013800”', '１３８００１３８００', '1380013800 谢谢', '+86 1380013800'])('%j was meant as a phone', (words) => {
    expect(understand(text(words))).toEqual({ kind: 'bad_phone' })
  })
  test.each(['解绑', '「解绑」', '解除绑定。', '怎么解绑？'])('%j asks how to unbind', (words) => expect(understand(text(words))).toEqual({ kind: 'unbind' }))
  test.each(['人工', '客服', '转人工！', ' 联系客服 '])('%j asks for a human', (words) => expect(understand(text(words))).toEqual({ kind: 'human' }))
  test.each(['查询项目进度', '进度', '查进度？', ' 项目进度 ', '查询', '查项目进度', '我的项目', '「查询项目进度」', '进度查询', '进度怎么样了'])('%j asks for the progress', (words) => expect(understand(text(words))).toEqual({ kind: 'progress' }))
  test.each([['订单信息', 'order'], ['我的订单', 'order'], ['设备档案', 'equipment'], ['我的设备', 'equipment']])('%j asks for the %s', (words, about) => expect(understand(text(words))).toEqual({ kind: 'progress', about }))
  test.each<[OfficialPush, string]>([
    [{ ...head, kind: 'message', type: 'image' }, 'unclear'], [{ ...head, kind: 'subscribed' }, 'subscribed'], [{ ...head, kind: 'unsubscribed' }, 'unsubscribed'],
    [{ ...head, kind: 'clicked', menuKey: '进度' }, 'progress'], [{ ...head, kind: 'clicked', menuKey: '13800138000' }, 'none'], [{ ...head, kind: 'other', event: 'VIEW' }, 'none'],
  ])('%j is %s', (push, kind) => expect(understand(push)).toEqual({ kind }))
})

test('WeChat is asked who somebody is when he comes or wants something', () => {
  expect(([{ kind: 'phone', phone: '13800138000' }, { kind: 'progress' }, { kind: 'subscribed' }] as const).every(isWorthIdentifying)).toBe(true)
  expect((['unclear', 'bad_phone', 'unbind', 'human', 'unsubscribed', 'none'] as const).some((kind) => isWorthIdentifying({ kind }))).toBe(false)
})

test('who hears in an answer that he may query needs no message about it', () => {
  expect((['own_phone', 'progress', 'greeting_bound'] as const).every((said) => saysMayQuery({ accountId: 1, said }))).toBe(true)
  expect((['claimed', 'greeting', 'help', 'nothing'] as const).some((said) => saysMayQuery({ accountId: 1, said }))).toBe(false)
})

test.each([[1, '1 秒'], [89_000, '89 秒'], [90_000, '2 分钟'], [119 * 60_000, '119 分钟'], [23 * 3_600_000, '23 小时']])('%i ms is %s', (ms, wait) => expect(toTooSoonText(ms)).toContain(`请 ${wait}后`))

test('the answer to a phone is that of R0.75', () => {
  expect(CLAIMED).toBe('已收到您的联系方式！\n请联系我们的销售人员，他们会通过企业微信添加您。\n添加成功后，您即可查询项目进度。')
})

test.each<[OfficialPush, string | null]>([
  [text('你好'), 'wrote'], [{ ...head, kind: 'message', type: 'image' }, 'wrote'], [{ ...head, kind: 'subscribed' }, 'acted'], [{ ...head, kind: 'clicked', menuKey: 'x' }, 'acted'],
  [{ ...head, kind: 'unsubscribed' }, 'left'], [{ ...head, kind: 'other', event: 'TEMPLATESENDJOBFINISH' }, null],
])('%j tells of the follower: %s', (push, sign) => expect(toSign(push)).toBe(sign))

describe('mayWriteTo', () => {
  const now = new Date('2026-05-01T08:00:00Z')
  const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000)
  const may = (reach: Partial<Reach>, limit = 5) => mayWriteTo({ wroteAt: null, actedAt: null, leftAt: null, sentAt: [], ...reach }, limit, now)
  const times = (count: number, seconds: number): Date[] => Array.from({ length: count }, () => ago(seconds))

  test.each<[string, Partial<Reach>, boolean]>([
    ['nothing was heard of him', {}, false],
    ['he wrote', { wroteAt: ago(0) }, true],
    ['he wrote nearly two days ago', { wroteAt: ago(48 * 3_600 - 1) }, true],
    ['he wrote two days ago', { wroteAt: ago(48 * 3_600) }, false],
    ['four messages went since', { wroteAt: ago(60), sentAt: times(4, 30) }, true],
    ['five messages went since', { wroteAt: ago(60), sentAt: times(5, 30) }, false],
    ['five messages went before he wrote', { wroteAt: ago(60), sentAt: times(5, 61) }, true],
    ['five messages went in the instant in which he wrote', { wroteAt: ago(60), sentAt: times(5, 60) }, false],
    ['he subscribed just now', { actedAt: ago(59) }, true],
    ['he subscribed a minute ago', { actedAt: ago(60) }, false],
    ['three messages went since he subscribed', { actedAt: ago(30), sentAt: times(3, 20) }, false],
    ['he wrote before, and taps the menu', { wroteAt: ago(60), actedAt: ago(10), sentAt: times(5, 30) }, true],
    ['he has left', { leftAt: ago(1), wroteAt: ago(5) }, false],
  ])('%s', (_, reach, expected) => expect(may(reach)).toBe(expected))

  test('as many as the account may send', () => {
    expect(may({ wroteAt: ago(60), sentAt: times(19, 30) }, 20)).toBe(true)
    expect(may({ wroteAt: ago(60), actedAt: ago(10) }, 0)).toBe(false)
    expect(may({ actedAt: ago(30), sentAt: times(1, 20) }, 1)).toBe(false)
  })
})
