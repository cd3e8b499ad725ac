import { createDecipheriv } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from './base/credentials.ts'
import { clean, createKit, type Json, type Kit, newPerson } from './testing/kit.ts'

let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

const ring = async (count = 1): Promise<void> => {
  const person = await newPerson(kit)
  for (let n = 0; n < count; n += 1)
    await kit.control(`/people/${person.personId}/kf/send`, { text: String(n) })
}
const outcomes = async () =>
  ((await kit.look('/callbacks')) as unknown as Json[]).map((one) => one['outcome'])

describe('envelope', () => {
  test('is signed, encrypted for the corp, padded to 32 bytes, with a real timestamp', async () => {
    await kit.control('/clock', { advanceSeconds: 100_000 })
    await ring()
    await kit.sandbox.idle()
    const [received] = kit.listener.received
    if (received === undefined) throw new Error('nothing arrived')
    const { body, query, path, event } = received
    expect(path).toBe('/api/wechat-work/message')
    expect(body).toContain(`<ToUserName><![CDATA[${credentials.corpId}]]></ToUserName>`)
    expect(Math.abs(Number(query.get('timestamp')) - Date.now() / 1000)).toBeLessThan(5)
    expect(Number(event['CreateTime']) - Date.now() / 1000).toBeGreaterThan(90_000)
    const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? ''
    const key = Buffer.from(`${credentials.kfCallbackAesKey}=`, 'base64')
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const plain = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
    expect(plain.length % 32).toBe(0)
    expect(plain.at(-1)).toBeLessThanOrEqual(32)
    await kit.control('/clock', { advanceSeconds: -100_000 })
  })
})

describe('retries', () => {
  test('three attempts carry the same XML in three different envelopes', async () => {
    kit.listener.answers.splice(0, Infinity, 500, 302, 204)
    await ring()
    await kit.sandbox.idle()
    const { received } = kit.listener
    expect(received).toHaveLength(3)
    expect(new Set(received.map((one) => one.xml)).size).toBe(1)
    for (const name of ['nonce', 'msg_signature'])
      expect(new Set(received.map((one) => one.query.get(name))).size).toBe(3)
    expect(new Set(received.map((one) => one.body)).size).toBe(3)
    expect((await outcomes()).at(-1)).toBe('given up')
  })

  test('a 200 ends the attempts', async () => {
    kit.listener.answers.splice(0, Infinity, 500, 200)
    await ring()
    await kit.sandbox.idle()
    expect(kit.listener.received).toHaveLength(2)
    expect((await outcomes()).at(-1)).toBe('delivered')
  })

  test('a server that is not there is given up after three attempts', async () => {
    await kit.control('/settings', { callbackBase: 'http://127.0.0.1:9' })
    await ring()
    await kit.sandbox.idle()
    expect(((await kit.look('/callbacks')) as unknown as Json[]).at(-1)?.['attempts']).toHaveLength(
      3,
    )
  })
})

describe('faults of delivery', () => {
  test('drop loses, duplicate doubles', async () => {
    await kit.control('/faults', { callbacks: { drop: true } })
    await ring()
    await kit.sandbox.idle()
    expect(kit.listener.received).toHaveLength(0)
    expect((await outcomes()).at(-1)).toBe('dropped')
    await kit.control('/faults', { callbacks: { drop: false, duplicate: 1 } })
    await ring()
    await kit.sandbox.idle()
    const [one, two] = kit.listener.received
    expect(one?.xml).toBe(two?.xml)
    expect(one?.body).not.toBe(two?.body)
  })

  test('a reordered callback comes after the next one', async () => {
    await kit.control('/faults', { callbacks: { reorder: 1 } })
    await ring()
    await kit.control('/faults', { callbacks: { reorder: 0 } })
    await kit.control('/members/zhangsan/add', { phone: (await newPerson(kit)).phone })
    await kit.sandbox.idle()
    expect(kit.listener.received.map((one) => one.path)).toEqual([
      '/api/wework/callback',
      '/api/wechat-work/message',
    ])
  })

  test('delay waits', async () => {
    await kit.control('/faults', { callbacks: { delayMs: 120 } })
    const before = Date.now()
    await ring()
    await kit.sandbox.idle()
    expect(Date.now() - before).toBeGreaterThanOrEqual(115)
  })

  test('the same seed loses the same callbacks', async () => {
    const run = async () => {
      await kit.control('/faults', { seed: 42, callbacks: { drop: 0.5 } })
      const before = (await outcomes()).length
      await ring(12)
      await kit.sandbox.idle()
      return (await outcomes()).slice(before)
    }
    const first = await run()
    expect(await run()).toEqual(first)
    expect(new Set(first)).toEqual(new Set(['dropped', 'delivered']))
  })
})
