import { describe, expect, test } from '@jest/globals'
import type { XmlFields } from '../../lib/xml.ts'
import { createMiniProgramCallback } from './miniprogram.callback.ts'
import { readMiniProgramPush } from './miniprogram.push.ts'

const NOW = new Date('2026-05-01T04:00:00Z')
const timestamp = String(NOW.getTime() / 1000)
const keys = {
  appId: 'wx1',
  token: 'PushToken',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
const pipe = createMiniProgramCallback({ ...keys, allowPlain: true })
const strict = createMiniProgramCallback({ ...keys, allowPlain: false })

const NODES = {
  subscribe_msg_popup_event: 'SubscribeMsgPopupEvent',
  subscribe_msg_change_event: 'SubscribeMsgChangeEvent',
  subscribe_msg_sent_event: 'SubscribeMsgSentEvent',
}
type Event = keyof typeof NODES
type Shape = { format: 'xml' | 'json'; mode: 'plain' | 'safe'; list: 'object' | 'array' }
const SHAPES = (['xml', 'json'] as const).flatMap((format) =>
  (['plain', 'safe'] as const).flatMap((mode) =>
    (['object', 'array'] as const).map((list): Shape => ({ format, mode, list })),
  ),
)

/** As the platform would send it; one entry stands bare or in an array. */
function push(event: Event, entries: XmlFields[], { format, mode, list }: Shape) {
  const List = list === 'object' && entries.length === 1 ? entries[0]! : entries
  const fields: XmlFields = {
    ToUserName: 'gh_1',
    FromUserName: 'o1',
    CreateTime: 1610969440,
    MsgType: 'event',
    Event: event,
    ...(format === 'xml' ? { [NODES[event]]: { List } } : { List }),
  }
  return pipe.seal(fields, { format, mode, timestamp, nonce: 'n1' })
}
const hear = (pushed: ReturnType<typeof push>) =>
  readMiniProgramPush(pipe.open({ ...pushed, now: NOW }).xml)

const HEAD = { openid: 'o1', at: new Date('2021-01-18T11:30:40.000Z') }
const choice = (TemplateId: string, SubscribeStatusString: string): XmlFields => ({
  TemplateId,
  SubscribeStatusString,
  PopupScene: '0',
})

describe.each(SHAPES)('a push in $format, $mode, one entry as $list', (shape) => {
  test('says what he accepted and what not', () => {
    expect(hear(push('subscribe_msg_popup_event', [choice('t1', 'accept')], shape))).toEqual({
      ...HEAD,
      kind: 'subscribe-asked',
      choices: [{ templateId: 't1', accepted: true }],
    })
    const both = [choice('t1', 'reject'), choice('t2', 'acceptWithAudio'), choice('t3', 'ban')]
    expect(hear(push('subscribe_msg_popup_event', both, shape))).toMatchObject({
      choices: [
        { templateId: 't1', accepted: false },
        { templateId: 't2', accepted: true },
        { templateId: 't3', accepted: false },
      ],
    })
  })
  test('says what he changed in the settings', () =>
    expect(hear(push('subscribe_msg_change_event', [choice('t1', 'reject')], shape))).toEqual({
      ...HEAD,
      kind: 'subscribe-changed',
      choices: [{ templateId: 't1', accepted: false }],
    }))
  test('says what became of a message, whose number keeps its digits', () => {
    const sent = {
      TemplateId: 't1',
      MsgID: '1864323726461255680',
      ErrorCode: '0',
      ErrorStatus: 'success',
    }
    expect(hear(push('subscribe_msg_sent_event', [sent], shape))).toEqual({
      ...HEAD,
      kind: 'subscribe-sent',
      receipts: [{ templateId: 't1', msgId: '1864323726461255680', errorCode: '0' }],
    })
  })
})

test('numbers of JSON that are none of JavaScript keep their digits', () =>
  expect(
    readMiniProgramPush(
      '{"FromUserName":"o1","CreateTime":1610969440,"Event":"subscribe_msg_sent_event","List":{"TemplateId":"t1","MsgID":1864323726461255681,"ErrorCode":0}}',
    ),
  ).toMatchObject({
    receipts: [{ templateId: 't1', msgId: '1864323726461255681', errorCode: '0' }],
  }))

describe('what is none of these is other', () => {
  const json = (fields: object) => readMiniProgramPush(JSON.stringify(fields))
  const whole = {
    Event: 'subscribe_msg_popup_event',
    FromUserName: 'o1',
    CreateTime: 1,
    List: [choice('t1', 'accept')],
  }
  test.each([
    [{ MsgType: 'text', Content: 'x' }, {}],
    [{ Event: 'user_enter_tempsession' }, {}],
    [{ ...whole, FromUserName: '' }, { lacks: 'FromUserName' }],
    [{ ...whole, CreateTime: 'soon' }, { lacks: 'CreateTime' }],
    [{ ...whole, List: 'none' }, { lacks: 'List' }],
  ])('%j', (fields, lacking) => expect(json(fields)).toMatchObject({ kind: 'other', ...lacking }))
  test('an entry without a template or a word is passed over', () =>
    expect(
      json({ ...whole, List: [choice('t1', ''), choice('', 'accept'), choice('t2', 'accept')] }),
    ).toMatchObject({ choices: [{ templateId: 't2' }] }))
})

describe('what does not verify is not opened', () => {
  const shape: Shape = { format: 'json', mode: 'plain', list: 'object' }
  const plain = push('subscribe_msg_popup_event', [choice('t1', 'accept')], shape)
  const safe = push('subscribe_msg_popup_event', [choice('t1', 'accept')], {
    ...shape,
    mode: 'safe',
  })
  test('a plain push where only safe ones may come', () =>
    expect(() => strict.open({ ...plain, now: NOW })).toThrow('bad_signature'))
  test('another token, body or time', () => {
    const other = createMiniProgramCallback({ ...keys, token: 'Other', allowPlain: true })
    expect(() => other.open({ ...plain, now: NOW })).toThrow('bad_signature')
    expect(() => other.open({ ...safe, now: NOW })).toThrow('bad_signature')
    expect(() => pipe.open({ ...safe, body: plain.body, now: NOW })).toThrow('bad_ciphertext')
    expect(() => pipe.open({ ...safe, now: new Date(NOW.getTime() + 600_000) })).toThrow('stale')
  })
  test('a push of another mini-program', () => {
    const other = createMiniProgramCallback({ ...keys, appId: 'wx2', allowPlain: true })
    expect(() => other.open({ ...safe, now: NOW })).toThrow('bad_receiver')
  })
  test("the console's check is answered with its word", () =>
    expect(pipe.echo({ ...plain.query, echostr: 'word1' }, NOW)).toBe('word1'))
})
