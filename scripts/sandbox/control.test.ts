import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from './base/credentials.ts'
import { createSandbox } from './sandbox.ts'
import { clean, createKit, type Json, type Kit, newPerson } from './testing/kit.ts'

let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

test('the address that is printed at the start answers with places to look, and each of them is there', async () => {
  const { look } = (await kit.look('')) as { look: string[] }
  for (const place of look) expect((await fetch(kit.sandbox.url + place)).status).toBe(200)
})

describe('faults', () => {
  test('an endpoint fails k times and then works', async () => {
    await kit.control('/faults', {
      endpoints: [{ path: 'kf/account/list', errcode: 45009, times: 2 }],
    })
    const codes = []
    for (let n = 0; n < 3; n += 1) codes.push((await kit.kf('POST', 'kf/account/list', {})).errcode)
    expect(codes).toEqual([45009, 45009, 0])
    expect(await kit.look('/faults')).toMatchObject({ endpoints: [] })
  })

  test('effect "after" does the work and answers with the error', async () => {
    const person = await newPerson(kit)
    await kit.control(`/people/${person.personId}/kf/send`, { text: '你好' })
    await kit.control('/faults', {
      endpoints: [{ path: 'kf/send_msg', errcode: -1, effect: 'after' }],
    })
    const body = {
      touser: person.externalUserid,
      open_kfid: credentials.openKfId,
      msgid: 'x1',
      msgtype: 'text',
      text: { content: 'a' },
    }
    expect(await kit.kf('POST', 'kf/send_msg', body)).toMatchObject({ errcode: -1 })
    expect(await kit.kf('POST', 'kf/send_msg', body)).toMatchObject({ errcode: 45065 })
    expect(await kit.look(`/people/${person.personId}/kf/messages`)).toHaveLength(2)
  })

  test('hangup closes the connection', async () => {
    await kit.control('/faults', { endpoints: [{ path: '/wecom/cgi-bin/gettoken', hangup: true }] })
    await expect(kit.token(credentials.kfSecret)).rejects.toThrow()
    expect(await kit.token(credentials.kfSecret)).toHaveLength(512)
  })

  test('slow answers late', async () => {
    await kit.control('/faults', { slow: [{ path: '*', ms: 120, times: 1 }] })
    const before = Date.now()
    await kit.token(credentials.kfSecret)
    expect(Date.now() - before).toBeGreaterThanOrEqual(115)
  })

  test('an entry of a list comes out with other fields, without them, or as something else; its neighbours do not', async () => {
    const people = [await newPerson(kit), await newPerson(kit), await newPerson(kit)]
    for (const { phone } of people) await kit.control('/members/zhangsan/add', { phone })
    const [changed, replaced, untouched] = people.map(({ externalUserid }) => externalUserid)
    await kit.control('/faults', {
      broken: [
        {
          find: changed,
          set: { 'external_contact.name': 'a\u0000b' },
          omit: ['follow_info.createtime', 'no.such'],
        },
        { find: replaced, set: { '': 7 } },
      ],
    })
    const { external_contact_list: list } = await kit.contact(
      'POST',
      'externalcontact/batch/get_by_user',
      { userid_list: ['zhangsan'] },
    )
    expect(list).toMatchObject([
      { external_contact: { external_userid: changed, name: 'a\u0000b' } },
      7,
      { external_contact: { external_userid: untouched, name: '王小明' } },
    ])
    expect(
      (list as { follow_info?: object }[]).map(
        (entry) => 'createtime' in (entry.follow_info ?? {}),
      ),
    ).toEqual([false, false, true])
  })

  test.each([
    [{ droop: 1 }],
    [{ callbacks: { drops: 1 } }],
    [{ callbacks: { drop: 50 } }],
    [{ endpoints: [{ errcode: 1 }] }],
  ])('%j is refused with 400', async (faults) => {
    await expect(kit.control('/faults', faults)).rejects.toThrow('400')
  })
})

describe('world', () => {
  test('reset takes people, chats and contacts and leaves members, links and settings', async () => {
    const person = await newPerson(kit)
    await kit.control('/members', { userid: 'zhouqi', name: '周琪' })
    await kit.control('/members/zhouqi/add', { phone: person.phone })
    const url = await kit.kf('POST', 'kf/add_contact_way', {
      open_kfid: credentials.openKfId,
      scene: 'bind',
    })
    await kit.control('/settings', { syncPageSize: 7 })
    await kit.control('/reset')
    expect(await kit.look('/people')).toEqual([])
    expect(await kit.look('/members')).toEqual(
      expect.arrayContaining([expect.objectContaining({ userid: 'zhouqi' })]),
    )
    expect(await kit.look('/settings')).toMatchObject({ syncPageSize: 7 })
    expect(
      await kit.kf('POST', 'kf/add_contact_way', {
        open_kfid: credentials.openKfId,
        scene: 'bind',
      }),
    ).toEqual(url)
    expect(await kit.call('GET', `/_sandbox/people/${person.personId}`)).toHaveProperty('error')
    await kit.control('/settings', { syncPageSize: 1000 })
  })

  test('a phone belongs to one person', async () => {
    const { phone } = await newPerson(kit)
    await expect(kit.control('/people', { name: '乙', phone })).rejects.toThrow('409')
    await expect(kit.control('/people', { name: '乙', phone: '123' })).rejects.toThrow('400')
  })

  test('calls are recorded', async () => {
    await kit.control('/reset')
    await kit.kf('POST', 'kf/account/list', {})
    expect(await kit.look('/calls')).toMatchObject([
      { method: 'GET', path: '/wecom/cgi-bin/gettoken', errcode: 0 },
      { method: 'POST', path: '/wecom/cgi-bin/kf/account/list', errcode: 0 },
    ])
  })
})

describe('persistence', () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  const ask = async (url: string, path: string, body?: unknown): Promise<Json> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    return (await (await fetch(`${url}/_sandbox${path}`, init)).json()) as Json
  }

  test('a world survives the stop and leaves no temp file', async () => {
    const first = await createSandbox({ port: 0, dataDir })
    const person = await ask(first.url, '/people', { name: '甲', phone: '13800131111' })
    const { world } = await ask(first.url, '/health')
    await first.stop()
    expect(await readdir(dataDir)).toEqual(['world.json'])
    const second = await createSandbox({ port: 0, dataDir })
    expect(await ask(second.url, '/health')).toEqual({ ok: true, world })
    expect(await ask(second.url, '/people')).toEqual([person])
    await second.stop()
  })

  test('a port that is taken is an error that leaves the world alone', async () => {
    const empty = join(dataDir, 'other')
    await expect(createSandbox({ port: kit.sandbox.port, dataDir: empty })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await expect(readdir(empty)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('stop does not wait for retries', async () => {
    const sandbox = await createSandbox({ port: 0, callbackBase: 'http://127.0.0.1:9' })
    await ask(sandbox.url, '/settings', { retryDelayMs: 60_000 })
    const person = await ask(sandbox.url, '/people', { name: '甲', phone: '13800131112' })
    await ask(sandbox.url, `/people/${String(person['personId'])}/kf/send`, { text: '你好' })
    const before = Date.now()
    await sandbox.stop()
    expect(Date.now() - before).toBeLessThan(1000)
  })
})
