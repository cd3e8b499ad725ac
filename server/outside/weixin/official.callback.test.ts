import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { CallbackError } from '../../lib/callback-crypto.ts'
import { parseXml, XmlError } from '../../lib/xml.ts'
import { createOfficialCallback } from './official.callback.ts'
import { readPush } from './official.push.ts'

const NOW = new Date('2026-03-01T08:00:00Z')
const HEAD = { timestamp: String(NOW.getTime() / 1000), nonce: '1372623149' }
const KEYS = {
  appId: 'wx1',
  token: 'token',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
const sealed = createOfficialCallback(KEYS)
const plain = createOfficialCallback({ ...KEYS, encodingAesKey: undefined })
const TEXT = {
  ToUserName: 'gh_1',
  FromUserName: 'o1',
  CreateTime: 1_348_831_860,
  MsgType: 'text',
  Content: '你好 ]]> <Encrypt>eA==</Encrypt>',
  MsgId: '12345678901234567',
}
const REPLY = { to: 'o1', from: 'gh_1', text: '收到 ]]> & <b>', at: NOW }

const code = (action: () => unknown) => {
  try {
    action()
  } catch (error) {
    if (error instanceof CallbackError) return error.code
    if (error instanceof XmlError) return 'xml'
    throw error
  }
  return 'opened'
}

describe('a push', () => {
  test.each([
    ['safe', sealed, {}],
    ['compatible', sealed, { clear: true }],
    ['plain', plain, {}],
  ])('is opened in %s mode', (_, pipe, mode) => {
    const { fields } = pipe.open({ ...pipe.seal(TEXT, { ...HEAD, ...mode }), now: NOW })
    expect(fields).toMatchObject({ Content: TEXT.Content, MsgId: TEXT.MsgId })
  })

  test('a published one of a real account is opened', () => {
    const vectors = JSON.parse(
      readFileSync(`${import.meta.dirname}/../../lib/crypto-vectors.json`, 'utf8'),
    ) as Record<string, string>[]
    const { token, encodingAesKey, receiveId, timestamp, nonce, msg_signature, encrypt } =
      vectors.find(({ id }) => id === 'V4-OA-msg') as Record<string, string>
    const pipe = createOfficialCallback({ appId: receiveId!, token: token!, encodingAesKey })
    const query = {
      timestamp,
      nonce,
      encrypt_type: 'aes',
      msg_signature,
      signature: 'not looked at',
    }
    const { fields } = pipe.open({
      query,
      body: `<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[${encrypt!}]]></Encrypt></xml>`,
      now: new Date(Number(timestamp) * 1000),
    })
    expect(fields).toMatchObject({
      FromUserName: 'asdasdasdsadasd',
      Content: 'hello',
      MsgId: '12345',
    })
  })

  test('in compatible mode only the encrypted fields count', () => {
    const push = sealed.seal(TEXT, { ...HEAD, clear: true })
    const body = push.body.replace('<FromUserName><![CDATA[o1]]>', '<FromUserName><![CDATA[o2]]>')
    expect(body).not.toBe(push.body)
    expect(sealed.open({ ...push, body, now: NOW }).fields).toMatchObject({ FromUserName: 'o1' })
  })

  const push = sealed.seal(TEXT, HEAD)
  test.each([
    [
      'another token',
      createOfficialCallback({ ...KEYS, token: 'other' }).seal(TEXT, HEAD),
      'bad_signature',
    ],
    [
      'another app',
      createOfficialCallback({ ...KEYS, appId: 'wx2' }).seal(TEXT, HEAD),
      'bad_receiver',
    ],
    ['plain mode', plain.seal(TEXT, HEAD), 'bad_signature'],
    ['an empty body', { ...push, body: '' }, 'bad_ciphertext'],
    [
      'a doubled signature',
      {
        ...push,
        query: { ...push.query, msg_signature: [push.query.signature, push.query.signature] },
      },
      'bad_signature',
    ],
    [
      'the plain signature for the other',
      { ...push, query: { ...push.query, msg_signature: push.query.signature } },
      'bad_signature',
    ],
  ])('with a key, %s is refused', (_, forged, reason) =>
    expect(code(() => sealed.open({ ...forged, now: NOW }))).toBe(reason),
  )

  test('a timestamp more than 300 s away is refused in both ways', () => {
    for (const pipe of [sealed, plain]) {
      const old = pipe.seal(TEXT, HEAD)
      expect(code(() => pipe.open({ ...old, now: new Date(NOW.getTime() + 300_000) }))).toBe(
        'opened',
      )
      for (const ms of [301_000, -301_000])
        expect(code(() => pipe.open({ ...old, now: new Date(NOW.getTime() + ms) }))).toBe('stale')
    }
  })

  test('in plain mode a wrong signature and markup declarations are refused', () => {
    const { query, body } = plain.seal(TEXT, HEAD)
    expect(
      code(() => plain.open({ query: { ...query, signature: '0'.repeat(40) }, body, now: NOW })),
    ).toBe('bad_signature')
    expect(code(() => plain.open({ query: {}, body, now: NOW }))).toBe('bad_signature')
    expect(code(() => plain.open({ query, body: '<!DOCTYPE x><xml></xml>', now: NOW }))).toBe('xml')
  })
})

describe('the URL check', () => {
  const { signature } = plain.seal(TEXT, HEAD).query
  test.each([
    ['with a key', sealed],
    ['without', plain],
  ])('echoes in the clear %s', (_, pipe) => {
    expect(pipe.echo({ ...HEAD, signature, echostr: '5838479218127813673' }, NOW)).toBe(
      '5838479218127813673',
    )
    expect(code(() => pipe.echo({ ...HEAD, signature: '0'.repeat(40), echostr: 'x' }, NOW))).toBe(
      'bad_signature',
    )
    expect(
      code(() =>
        pipe.echo({ ...HEAD, signature, echostr: 'x' }, new Date(NOW.getTime() + 301_000)),
      ),
    ).toBe('stale')
    for (const echostr of ['', 'a b', 'é', 'x'.repeat(600)])
      expect(code(() => pipe.echo({ ...HEAD, signature, echostr }, NOW))).toBe('bad_ciphertext')
  })
})

describe('a reply', () => {
  const asFields = {
    ToUserName: 'o1',
    FromUserName: 'gh_1',
    CreateTime: HEAD.timestamp,
    MsgType: 'text',
    Content: REPLY.text,
  }
  test('is cut at 2048 bytes, never inside an emoji', () => {
    const fields = parseXml(plain.answer({ ...REPLY, text: `${'x'.repeat(2040)}👨‍👩‍👧‍👦` }, HEAD))
    expect(fields['Content']).toBe('x'.repeat(2040))
  })

  test('in plain mode is the clear document', () =>
    expect(parseXml(plain.answer(REPLY, HEAD))).toEqual(asFields))
  test('with a key is sealed and signed anew, so that the platform can open it', () => {
    const { Encrypt, MsgSignature, TimeStamp, Nonce } = parseXml(
      sealed.answer(REPLY, HEAD),
    ) as Record<string, string>
    expect(
      sealed.open({
        query: { msg_signature: MsgSignature, timestamp: TimeStamp, nonce: Nonce },
        body: `<xml><Encrypt>${Encrypt!}</Encrypt></xml>`,
        now: NOW,
      }).fields,
    ).toEqual(asFields)
  })
})

describe('in our words', () => {
  const head = { ToUserName: 'gh_1', FromUserName: 'o1', CreateTime: '1', MsgType: 'event' }
  test.each([
    [
      { ...TEXT, CreateTime: '1' },
      {
        kind: 'text',
        text: TEXT.Content,
        openid: 'o1',
        originalId: 'gh_1',
        key: '["message","o1","12345678901234567"]',
      },
    ],
    [
      { ...TEXT, Content: '' },
      { kind: 'text', text: '' },
    ],
    [
      { ...TEXT, MsgType: 'image' },
      { kind: 'message', type: 'image' },
    ],
    [
      { ...head, Event: 'subscribe', EventKey: 'qrscene_1' },
      { kind: 'subscribed', key: '["event","o1","1","subscribe","qrscene_1"]' },
    ],
    [{ ...head, Event: 'unsubscribe' }, { kind: 'unsubscribed' }],
    [
      { ...head, Event: 'CLICK', EventKey: 'k' },
      { kind: 'clicked', menuKey: 'k' },
    ],
    [
      { ...head, Event: 'constructor' },
      { kind: 'other', event: 'constructor' },
    ],
  ])('%j', (fields, push) => expect(readPush(fields)).toMatchObject(push))
  test.each([
    {},
    { ...TEXT, MsgId: '' },
    { ...TEXT, FromUserName: '' },
    { ...head, Event: '' },
    { ...head, CreateTime: ['1', '2'], Event: 'subscribe' },
  ])('%j is no push', (fields) => expect(readPush(fields)).toBeUndefined())
})
