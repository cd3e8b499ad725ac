import { createHash } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from '../base/credentials.ts'
import { clean, createKit, type Kit } from '../testing/kit.ts'
import { createClient } from './client.ts'

const PAGE = 'https://staff.example.com:8443/staff/?a=1'

let kit: Kit
let tickets: { config: string; agentConfig: string }

beforeAll(async () => {
  kit = await createKit()
  const query = new URLSearchParams({
    appid: credentials.corpId,
    redirect_uri: PAGE,
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'S',
    member: 'lisi',
  })
  await fetch(`${kit.sandbox.url}/open/connect/oauth2/authorize?${query.toString()}`, {
    redirect: 'manual',
  })
  tickets = {
    config: String((await kit.contact('GET', 'get_jsapi_ticket'))['ticket']),
    agentConfig: String((await kit.contact('GET', 'ticket/get?type=agent_config'))['ticket']),
  }
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

type Kind = keyof typeof tickets
/** Independent of the code under test: the text of W:90506. */
function signed(ticket: string, url = PAGE) {
  const stamp = { nonceStr: 'N1', timestamp: '1700000000' }
  return {
    ...stamp,
    signature: createHash('sha1')
      .update(`jsapi_ticket=${ticket}&noncestr=N1&timestamp=1700000000&url=${url}`)
      .digest('hex'),
  }
}
const right = (kind: Kind) => ({
  kind,
  corpId: credentials.corpId,
  ...(kind === 'agentConfig' && { agentId: credentials.agentId }),
  url: PAGE,
  ...signed(tickets[kind]),
})
const verify = (body: unknown) => kit.control('/client/verify', body)

async function afterSeconds<T>(seconds: number, look: () => Promise<T>): Promise<T> {
  await kit.control('/clock', { advanceSeconds: seconds })
  return look().finally(() => kit.control('/clock', { advanceSeconds: -seconds }))
}

describe.each(['config', 'agentConfig'] as const)('the signature of %s', (kind) => {
  test('is right for the page as the client sees it, whatever follows #', async () => {
    expect(await verify(right(kind))).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(await verify({ ...right(kind), url: `${PAGE}#top` })).toMatchObject({ errcode: 0 })
  })

  test.each([
    ['another company', { corpId: 'ww1' }, 40013],
    ['another address', { url: `${PAGE}2` }, 40093],
    ['another time', { timestamp: '1700000001' }, 40093],
    ['another nonce', { nonceStr: 'N2' }, 40093],
    ['a made-up ticket', signed('made-up'), 40093],
    ['another host', { url: 'https://staff.example.org/staff/?a=1' }, 50001],
    ['another port', { url: 'https://staff.example.com/staff/?a=1' }, 50001],
  ])('%s is refused', async (_, wrong, errcode) => {
    expect(await verify({ ...right(kind), ...wrong })).toMatchObject({ errcode })
  })

  test('the ticket of the other identity, and one that ended, are no tickets', async () => {
    const other = kind === 'config' ? 'agentConfig' : 'config'
    expect(await verify({ ...right(kind), ...signed(tickets[other]) })).toMatchObject({
      errcode: 42012,
    })
    expect(await afterSeconds(7201, () => verify(right(kind)))).toMatchObject({ errcode: 42012 })
  })
})

test('an app is known by its agentid', async () => {
  expect(await verify({ ...right('agentConfig'), agentId: '1' })).toMatchObject({ errcode: 40056 })
})

describe('the client', () => {
  type Client = ReturnType<typeof createClient>
  const clientOf = (more: Partial<Parameters<typeof createClient>[0]> = {}): Client =>
    createClient({ sandboxUrl: kit.sandbox.url, userid: 'lisi', ...more })
  const call = (
    client: Client,
    name: string,
    { params = {}, document = 'first' }: { params?: Record<string, unknown>; document?: string },
  ) => client.invoke({ document, url: PAGE, name, params })
  const config = (client: Client, more = {}) => {
    const { nonceStr, timestamp, signature } = signed(tickets.config)
    const params = {
      verifyAppId: credentials.corpId,
      verifyNonceStr: nonceStr,
      verifyTimestamp: timestamp,
      verifySignature: signature,
      verifyJsApiList: ['navigateToAddCustomer'],
      ...more,
    }
    return call(client, 'preVerifyJSAPI', { params })
  }
  const agentConfig = (client: Client, more = {}) => {
    const params = {
      corpid: credentials.corpId,
      agentid: credentials.agentId,
      jsApiList: ['navigateToAddCustomer'],
      ...signed(tickets.agentConfig),
      ...more,
    }
    return call(client, 'agentConfig', { params })
  }
  const add = (client: Client, document = 'first') =>
    call(client, 'navigateToAddCustomer', { document })
  const refused = (why: string) => ({ err_msg: `navigateToAddCustomer:${why}` })

  test('opens the screen for the app that asked for it, until the page is left', async () => {
    const client = clientOf()
    expect(await agentConfig(client)).toEqual({ err_msg: 'agentConfig:ok' })
    expect(await add(client)).toEqual({ err_msg: 'navigateToAddCustomer:ok' })
    expect(client.opened).toEqual([{ name: 'navigateToAddCustomer', url: PAGE }])
    expect(await add(client, 'second')).toEqual(refused('permission denied'))
    client.cancelNext()
    expect([await add(client), await add(client)]).toEqual([refused('cancel'), refused('ok')])
  })

  test('not for the company alone, a wrong signature, or a call that was not named', async () => {
    const client = clientOf()
    expect(await config(client)).toEqual({ err_msg: 'preVerifyJSAPI:ok' })
    expect(await add(client)).toEqual(refused('permission denied'))
    expect(await agentConfig(client, { signature: 'f'.repeat(40) })).toEqual({
      err_msg: 'agentConfig:fail',
      err_code: 40093,
      err_desc: 'invalid signature',
    })
    expect(await agentConfig(client, { timestamp: 1_700_000_000 })).toMatchObject({
      err_msg: 'agentConfig:fail',
      err_desc: expect.stringContaining('timestamp'),
    })
    expect(await agentConfig(client, { jsApiList: ['selectExternalContact'] })).toEqual({
      err_msg: 'agentConfig:ok',
    })
    expect(await add(client)).toEqual(refused('permission denied'))
    expect(client.opened).toEqual([])
  })

  test.each([
    ['before 3.0.36', { version: '3.0.35' }],
    ['at a desk', { system: 'windows' }],
  ] as const)('%s it has no such screen', async (_, device) => {
    const client = clientOf(device)
    await agentConfig(client)
    expect(await add(client)).toEqual(refused('function not exist'))
  })

  test('3.0.36 has it, 3.0.23 wants the company first, 2.4 knows no apps', async () => {
    const [first, old, ancient] = [
      clientOf({ version: '3.0.36' }),
      clientOf({ version: '3.0.23' }),
      clientOf({ version: '2.4.16' }),
    ]
    await agentConfig(first)
    expect(await add(first)).toEqual(refused('ok'))
    expect(await agentConfig(old)).toEqual({
      err_msg: 'agentConfig:fail',
      err_desc: 'config first',
    })
    await config(old)
    expect(await agentConfig(old)).toEqual({ err_msg: 'agentConfig:ok' })
    expect(await agentConfig(ancient)).toEqual({ err_msg: 'agentConfig:function not exist' })
  })

  test('a member without customer contact is refused', async () => {
    await kit.control('/members', { userid: 'desk', name: '前台', followUser: false })
    const client = clientOf({ userid: 'desk' })
    await agentConfig(client)
    expect(await add(client)).toEqual(refused('fail no permission'))
  })
})
