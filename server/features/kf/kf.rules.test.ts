import { describe, expect, test } from '@jest/globals'
import type { KfItem } from '../../outside/wecom/kf.items.ts'
import { denyMenuId, findOnlyWords, unbindMenuId, understand, type Intent } from './kf.rules.ts'

const hashes = { hashTry: (text: string) => (/^\d{6}$/.test(text) ? `hash of ${text}` : null), hashNonce: (nonce: string) => `hash of ${nonce}` }
const item = { msgid: 'm', openKfId: 'wk', externalUserId: 'wm', sendTime: new Date(0), origin: 'customer' as const }
const pendingId = '0b7e9c1e-6a52-4a5f-9c5d-0d6a8f3b2c11'

describe('what a kf item means', () => {
  test.each<[string, KfItem, Intent]>([
    ['six digits', { ...item, kind: 'text', text: '123456' }, { kind: 'code', hash: 'hash of 123456' }],
    ['other words', { ...item, kind: 'text', text: '我的柜子到哪了' }, { kind: 'words' }],
    ['a picture', { ...item, kind: 'other', type: 'image' }, { kind: 'words' }],
    ['six digits a servicer typed', { ...item, origin: 'servicer', kind: 'text', text: '123456' }, { kind: 'ignored', type: 'text' }],
    ['不是我', { ...item, kind: 'text', text: '不是我', menuId: denyMenuId(pendingId) }, { kind: 'deny', pendingId }],
    ['the words 不是我 without the tap', { ...item, kind: 'text', text: '不是我' }, { kind: 'words' }],
    ['a tap on an item that is not ours', { ...item, kind: 'text', text: 'x', menuId: 'no:everything' }, { kind: 'words' }],
    ['coming in by our link', { ...item, origin: 'system', kind: 'enter-session', scene: 'bind', sceneParam: 'n', welcomeCode: 'w' }, { kind: 'link', hash: 'hash of n', welcomeCode: 'w' }],
    ['coming in by another link with a parameter', { ...item, origin: 'system', kind: 'enter-session', scene: 'poster', sceneParam: 'n' }, { kind: 'enter' }],
    ['coming in without a parameter', { ...item, origin: 'system', kind: 'enter-session', scene: 'bind', welcomeCode: 'w' }, { kind: 'enter', welcomeCode: 'w' }],
    ['a recalled message', { ...item, origin: 'system', kind: 'recall', by: 'customer', recalledMsgid: 'x' }, { kind: 'recall', msgid: 'x' }],
    ['a message a servicer recalled', { ...item, origin: 'system', kind: 'recall', by: 'servicer', recalledMsgid: 'x' }, { kind: 'ignored', type: 'recall' }],
    ['解绑', { ...item, kind: 'text', text: ' 解绑！' }, { kind: 'unbind' }],
    ['the tap on 确认解绑', { ...item, kind: 'text', text: '确认解绑', menuId: unbindMenuId(new Date(0)) }, { kind: 'unbind_confirmed', askedAt: '1970-01-01T00:00:00.000Z' }],
    ['the words 确认解绑 without the tap', { ...item, kind: 'text', text: '确认解绑' }, { kind: 'words' }],
    ['进度', { ...item, kind: 'text', text: '查询项目进度？' }, { kind: 'progress' }],
    ['我的订单', { ...item, kind: 'text', text: '我的订单' }, { kind: 'progress', about: 'order' }],
    ['设备档案', { ...item, kind: 'text', text: '「设备档案」' }, { kind: 'progress', about: 'equipment' }],
    ['the end of a human\'s session', { ...item, origin: 'system', kind: 'session-status-change', change: 'ended', msgCode: 'c' }, { kind: 'session_ended', msgCode: 'c' }],
    ['a session taken from the queue', { ...item, origin: 'system', kind: 'session-status-change', change: 'taken-from-queue', msgCode: 'c' }, { kind: 'ignored', type: 'session-status-change' }],
    ['an item of nobody', { msgid: 'm', sendTime: item.sendTime, origin: 'customer', kind: 'unreadable', type: 'text', lacks: 'external_userid' }, { kind: 'unreadable', reason: 'lacks external_userid' }],
    ['a message that was not delivered', { ...item, origin: 'system', kind: 'send-failed', reason: 'rejected-by-customer' }, { kind: 'send_failed', reason: 'rejected-by-customer' }],
    ['an event nobody has heard of', { ...item, origin: 'system', kind: 'other', type: 'event:new' }, { kind: 'ignored', type: 'event:new' }],
  ])('%s', (_, given, intent) => expect(understand(given, hashes)).toEqual(intent))

  test('the words of a customer are never kept', () => {
    expect(JSON.stringify(understand({ ...item, kind: 'text', text: '我住在西湖区，电话 13800138000' }, hashes))).toBe('{"kind":"words"}')
  })
})

test('who has said anything but words is looked at message by message', () => {
  const said = (externalUserId: string, kind: Intent['kind']) => ({ externalUserId, kind })
  const [words, alsoWords] = [said('a', 'words'), said('b', 'words')]
  expect(findOnlyWords([words, said('c', 'words'), alsoWords, said('c', 'code'), said('d', 'enter')])).toEqual([words, alsoWords])
})
