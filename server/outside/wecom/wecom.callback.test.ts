import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { CallbackError } from '../../lib/callback-crypto.ts'
import { buildXml, XmlError } from '../../lib/xml.ts'
import { createWecomCallback } from './wecom.callback.ts'
import { toEvent } from './wecom.event.ts'

const NOW = new Date('2026-03-01T08:00:00Z')
const HEAD = { timestamp: String(NOW.getTime() / 1000), nonce: '1372623149' }
const CONTACT_PAIR = {
  token: 'contact',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
const KF_PAIR = { token: 'kf', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }
const callback = createWecomCallback({ corpId: 'ww1', pairs: [CONTACT_PAIR, KF_PAIR] })
const RING = buildXml({
  ToUserName: 'ww1',
  CreateTime: 1_348_831_860,
  MsgType: 'event',
  Event: 'kf_msg_or_event',
  Token: 'ENC',
  OpenKfId: 'wk1',
})

const code = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    if (error instanceof CallbackError) return error.code
    throw error
  }
  return 'opened'
}

describe('the pipe', () => {
  test.each([0, 1])('what pair %i sealed is opened', (pair) => {
    const { query, body } = callback.seal(RING, { ...HEAD, pair })
    expect(callback.open({ query, body, now: NOW })).toEqual({
      xml: RING,
      fields: expect.objectContaining({ OpenKfId: 'wk1' }),
    })
  })

  test('a retry has another envelope and the same XML', () => {
    const first = callback.seal(RING, HEAD)
    const second = callback.seal(RING, { ...HEAD, nonce: '2' })
    expect(second.body).not.toBe(first.body)
    expect(callback.open({ ...second, now: NOW }).xml).toBe(
      callback.open({ ...first, now: NOW }).xml,
    )
  })

  test('the path may carry parameters of its own', () => {
    const { query, body } = callback.seal(RING, HEAD)
    expect(callback.open({ query: { tenant: '1', ...query }, body, now: NOW }).xml).toBe(RING)
  })

  test('the published vector of go-workwx', () => {
    const vectors = JSON.parse(
      readFileSync(new URL('../../lib/crypto-vectors.json', import.meta.url), 'utf8'),
    ) as Record<string, string>[]
    const v3 = vectors.find(({ id }) => id === 'V3-msg') ?? {}
    const {
      token = '',
      encodingAesKey = '',
      receiveId = '',
      msg_signature = '',
      timestamp = '',
      nonce = '',
      encrypt = '',
    } = v3
    const theirs = createWecomCallback({
      corpId: receiveId,
      pairs: [CONTACT_PAIR, { token, encodingAesKey }],
    })
    const { fields } = theirs.open({
      query: { msg_signature, timestamp, nonce },
      body: buildXml({ Encrypt: encrypt }),
      now: new Date(Number(timestamp) * 1000),
    })
    expect(fields).toMatchObject({ MsgId: '2018405441', Content: 'x123' })
  })

  test('the console is answered with the echo', () => {
    const { query, body } = callback.seal('1616140317555161061', { ...HEAD, pair: 1 })
    const echostr = /<!\[CDATA\[([^\]]{20,})\]\]>/.exec(body)?.[1]
    expect(callback.echo({ ...query, echostr }, NOW)).toBe('1616140317555161061')
    expect(code(() => callback.echo(query, NOW))).toBe('bad_signature')
  })

  test('refusals', () => {
    const { query, body } = callback.seal(RING, HEAD)
    const other = createWecomCallback({ corpId: 'ww2', pairs: [CONTACT_PAIR] })
    expect(
      code(() =>
        callback.open({ query: { ...query, msg_signature: '0'.repeat(40) }, body, now: NOW }),
      ),
    ).toBe('bad_signature')
    expect(
      code(() =>
        callback.open({ query: { ...query, nonce: [HEAD.nonce, HEAD.nonce] }, body, now: NOW }),
      ),
    ).toBe('bad_signature')
    expect(code(() => callback.open({ query: {}, body, now: NOW }))).toBe('bad_signature')
    expect(code(() => callback.open({ query, body: '<xml></xml>', now: NOW }))).toBe(
      'bad_ciphertext',
    )
    expect(code(() => callback.open({ query, body, now: new Date(NOW.getTime() + 301_000) }))).toBe(
      'stale',
    )
    expect(code(() => other.open({ query, body, now: NOW }))).toBe('bad_receiver')
    expect(
      code(() =>
        createWecomCallback({ corpId: 'ww1', pairs: [KF_PAIR] }).open({ query, body, now: NOW }),
      ),
    ).toBe('bad_signature')
  })

  test('an authentic message that is no XML is refused as such', () => {
    expect(() => callback.open({ ...callback.seal('hello', HEAD), now: NOW })).toThrow(XmlError)
  })
})

describe('events', () => {
  const changed = {
    Event: 'change_external_contact',
    MsgType: 'event',
    FromUserName: 'sys',
    CreateTime: '1403610513',
    UserID: 'zhangsan',
    ExternalUserID: 'wo1',
  }
  const at = new Date(1_403_610_513_000)

  test('the doorbell of kf', () => {
    expect(
      toEvent({ Event: 'kf_msg_or_event', OpenKfId: 'wk1', Token: 'ENC', CreateTime: '1' }),
    ).toEqual({ kind: 'kf-rang', openKfId: 'wk1', token: 'ENC' })
  })

  test.each([
    ['add_external_contact', 'added'],
    ['add_half_external_contact', 'half-added'],
    ['edit_external_contact', 'edited'],
    ['del_external_contact', 'deleted-by-member'],
    ['del_follow_user', 'deleted-by-customer'],
    ['transfer_fail', 'transfer-failed'],
    ['msg_audit_approved', 'other:msg_audit_approved'],
    ['toString', 'other:toString'],
  ])('%s is %s', (ChangeType, change) => {
    expect(toEvent({ ...changed, ChangeType })).toEqual({
      kind: 'contact-changed',
      change,
      userId: 'zhangsan',
      externalUserId: 'wo1',
      at,
    })
  })

  test('code, state and source when they say something', () => {
    expect(
      toEvent({
        ...changed,
        ChangeType: 'add_external_contact',
        State: 'teststate',
        WelcomeCode: 'W',
        Source: '',
      }),
    ).toMatchObject({ state: 'teststate', welcomeCode: 'W' })
    expect(
      toEvent({
        ...changed,
        ChangeType: 'del_external_contact',
        Source: 'DELETE_BY_TRANSFER',
        WelcomeCode: '',
      }),
    ).toEqual({
      kind: 'contact-changed',
      change: 'deleted-by-member',
      userId: 'zhangsan',
      externalUserId: 'wo1',
      source: 'DELETE_BY_TRANSFER',
      at,
    })
  })

  test.each([
    [
      'a group',
      {
        Event: 'change_external_chat',
        MsgType: 'event',
        ChangeType: 'update',
        ChatId: 'wr1',
        CreateTime: '1403610513',
      },
      { event: 'change_external_chat', msgType: 'event', changeType: 'update', at },
    ],
    [
      'a text',
      { MsgType: 'text', Content: 'hi', CreateTime: '1403610513' },
      { msgType: 'text', at },
    ],
    ['nothing', {}, {}],
    [
      'a change without a customer',
      { ...changed, ChangeType: 'add_external_contact', ExternalUserID: '' },
      {
        event: 'change_external_contact',
        msgType: 'event',
        changeType: 'add_external_contact',
        at,
        lacks: 'ExternalUserID',
      },
    ],
    [
      'an id that is too long',
      { ...changed, ChangeType: 'add_external_contact', ExternalUserID: 'w'.repeat(65) },
      {
        event: 'change_external_contact',
        msgType: 'event',
        changeType: 'add_external_contact',
        at,
        lacks: 'ExternalUserID',
      },
    ],
    [
      'a doubled member',
      { ...changed, ChangeType: 'add_external_contact', UserID: ['a', 'b'] },
      {
        event: 'change_external_contact',
        msgType: 'event',
        changeType: 'add_external_contact',
        at,
        lacks: 'UserID',
      },
    ],
    [
      'a time that is none',
      { ...changed, ChangeType: 'edit_external_contact', CreateTime: 'soon' },
      {
        event: 'change_external_contact',
        msgType: 'event',
        changeType: 'edit_external_contact',
        lacks: 'CreateTime',
      },
    ],
    [
      'a doorbell without a door',
      { Event: 'kf_msg_or_event', Token: 'T' },
      { event: 'kf_msg_or_event', lacks: 'OpenKfId' },
    ],
  ])('%s is something else, not a crash', (_, fields, other) => {
    expect(toEvent(fields)).toEqual({ kind: 'other', ...other })
  })
})
