import { describe, expect, test } from '@jest/globals'
import { fromTicket } from './binding.rules.ts'
import { fromDecision, fromEvidence, fromFollowEvent, fromNotice } from './decided.rules.ts'
import { fromCallback, fromClaim, fromDelivery, fromMessage, fromPush } from './received.rules.ts'
import { fromCall } from './sent.rules.ts'
import { toTimeline, type Entry } from './timeline.rules.ts'

const at = new Date('2026-05-01T08:00:00Z')

describe('what a line of the timeline says', () => {
  const message = (kind: string, outcome: string | null) => fromMessage({ id: 1, at, externalUserId: 'wm1', intent: { kind }, outcome })
  test.each([
    ['code', 'claimed', { tone: 'good', note: '有效，已用掉' }],
    ['code', 'missed', { tone: 'bad', note: '无效或已过期' }],
    ['words', null, { tone: 'plain', note: '处理中' }],
    ['a new kind', 'a new outcome', { title: 'a new kind', note: 'a new outcome' }],
  ])('a message understood as %s, outcome %s', (kind, outcome, expected) => { expect(message(kind, outcome)).toMatchObject(expected) })
  test('what was ignored is not shown', () => { expect(message('ignored', 'ignored')).toBeNull() })

  const decision = (row: string, outcome: string) => fromDecision({ id: 1, at, openid: 'o1', externalUserId: 'wm1', phone: null, decision: row, outcome, actor: 'decision table', reason: null, moved: null, stay: null })
  test.each([
    ['the issuing account opened the ticket', 'tie', 'good', '绑定：发码的帐号本人点了确认卡片'],
    ['another account opened the ticket', 'refuse', 'bad', '拒绝：打开卡片的不是发码的帐号：疑似钓鱼，作废'],
    ['a new row', 'tie', 'good', '绑定：a new row'],
  ])('a decision by the row "%s"', (row, outcome, tone, title) => { expect(decision(row, outcome)).toMatchObject({ tone, title }) })
  test.each([
    ['the issuing account opened the ticket', '绑定表'],
    ['contact and phone: merge', '号码表'],
    ['an admin changed the phone', undefined],
    ['a new row', undefined],
  ])('the row "%s" stands in the table %s', (row, table) => { expect(decision(row, 'tie').table).toBe(table) })

  test('a number that changed hands says what went and what stayed', () => {
    const row = { id: 1, at, openid: null, externalUserId: 'wm1', phone: '138****8000', decision: 'the number changed hands', outcome: 'hand over', actor: 'zhangsan', reason: null }
    expect(fromDecision({ ...row, moved: ['SO-Y'], stay: ['SO-A', 'SO-B'] })).toMatchObject({
      tone: 'bad', title: '号码转手：号码换了主人', note: '138****8000 转走：SO-Y；留给他：SO-A、SO-B', member: 'zhangsan',
    })
    expect(fromDecision({ ...row, moved: [], stay: [] }).note).toBe('138****8000 转走：无；留给他：无')
  })
  test.each(['decision table', 'ADMIN_KEY', 'contact', 'account:7', 'playground'])('%s is no member', (actor) => {
    expect(fromDecision({ id: 1, at, openid: null, externalUserId: null, phone: null, decision: 'x', outcome: 'x', actor, reason: null, moved: null, stay: null })).not.toHaveProperty('member')
  })
  test('a callback that nobody could read says so, and names nobody', () => {
    expect(fromCallback({ id: 1, at, heard: { kind: 'contact-changed', userId: 'zhangsan' }, setAside: 'lacks UserID' })).toEqual({
      key: 'callback-1', at: at.getTime(), lane: 'received', tone: 'bad', title: '回调：读不懂，放到一边', note: 'lacks UserID；后面的不受影响',
    })
  })

  test.each([['claimed', 'plain', '公众号：客户发来手机号，记为线索'], ['too_soon', 'bad', '公众号：客户发手机号太频繁，请他等一等'], ['a new answer', 'plain', '公众号：a new answer']])('a push answered with %s', (said, tone, title) => {
    expect(fromPush({ id: 1, at, openid: 'oa1', said })).toMatchObject({ lane: 'received', tone, title, openid: 'oa1' })
  })
  test('a notice', () => expect(fromNotice({ kind: 'bound', subject: '7', at, openid: 'oa1' })).toMatchObject({ key: 'notice-bound-7', lane: 'decided', tone: 'good', title: '公众号：告诉客户可以查询了' }))
  test('the notice of a tie', () => { expect(fromNotice({ kind: 'tied', subject: '7:8', at, openid: 'oa1' }).title).toBe('公众号：告诉客户绑定了一个帐号，以及怎样解除') })

  test('a claim shows no full phone', () => {
    expect(fromClaim({ id: 1, at, openid: 'o1', phone: '13800138000', isContested: false })).toMatchObject({ title: '帐号声明手机号 138****8000', evidence: 'E6', tone: 'wait' })
  })
  test.each([[2, 'good'], [1, 'wait'], [null, 'wait']])('an add by add_way %p', (addWay, tone) => {
    expect(fromFollowEvent({ id: 1, at, type: 'add_external_contact', externalUserId: 'wm1', member: 'zhangsan', addWay })).toMatchObject({ tone })
  })
  test('a ticket that another account opened is two lines, the second bad', () => {
    expect(fromTicket({ id: 't', at, usedAt: at, externalUserId: 'wm1', usedBy: 'o2', outcome: 'other' }).map(({ lane, tone }) => [lane, tone])).toEqual([['decided', 'plain'], ['received', 'bad']])
  })
  test('evidence from before the time looked at shows only its end', () => {
    const row = { id: 1, at, kind: 'phone_search', openid: null, externalUserId: 'wm1', phone: '138****8000', member: 'zhangsan', revokedAt: new Date(at.getTime() + 5000), revokedReason: 'the number changed hands' }
    expect(fromEvidence(row, at.getTime()).map(({ title, evidence, note }) => [title, evidence, note])).toEqual([['证据失效', 'E5', '号码换了主人']])
  })
  test.each([[0, 'plain'], [84061, 'wait'], [40003, 'bad']])('a call answered with errcode %p', (errcode, tone) => {
    expect(fromCall({ at: 1, method: 'GET', path: '/wecom/cgi-bin/externalcontact/get', errcode }, 0)).toMatchObject({ title: '查客户详情', tone })
  })
  test.each([['delivered', false], ['dropped', true], ['given up', true]])('a callback that was %s', (outcome, isShown) => {
    expect(fromDelivery({ door: 'kf', name: 'kf_msg_or_event', at: 1, attempts: [], outcome }, 0) !== null).toBe(isShown)
  })
})

test('newest first, and in one millisecond the effect above its cause', () => {
  const entry = (key: string, lane: Entry['lane'], when: number): Entry => ({ key, at: when, lane, tone: 'plain', title: key })
  const timeline = toTimeline([entry('rang', 'received', 5), null, entry('decided', 'decided', 5), entry('sent', 'sent', 5), entry('later', 'received', 6), entry('old', 'received', 1)], { after: 1, most: 4 })
  expect(timeline.map(({ key }) => key)).toEqual(['later', 'sent', 'decided', 'rang'])
})
