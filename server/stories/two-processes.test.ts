import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sandboxCredentials } from '../../scripts/sandbox/base/credentials.ts'
import { createSandbox, type Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { botTexts, createPeople } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { until } from '../../scripts/play/until.ts'
import { createWecomCallback } from '../outside/wecom/wecom.callback.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { spawnServer, type ServerProcess } from '../test/processes.ts'
import { ADMIN_KEY, townEnvironment } from '../test/town.ts'
import { listJobs } from '../test/job-desk.ts'

let database: TestDatabase
let sandbox: Sandbox
let servers: ServerProcess[]
let people: ReturnType<typeof createPeople>

beforeAll(async () => {
  database = await testDatabase()
  sandbox = await createSandbox({ port: 0 })
  const env = townEnvironment(sandbox.url, database.connectionString)
  servers = await Promise.all([spawnServer(env), spawnServer(env)])
  sandbox.setCallbackBase(servers[0]!.url)
  people = createPeople({
    server: createHttp(servers[1]!.url),
    control: createHttp(sandbox.url),
    adminKey: ADMIN_KEY,
  })
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()))
  await sandbox.stop()
})

const jobsDone = () =>
  until(
    'the jobs',
    async () =>
      (await listJobs(database.db).whereRaw('attempts < max_attempts').first('id')) === undefined,
  )

test('the same callback delivered 20 times at once to two processes makes one inbox row and one effect', async () => {
  const control = createHttp(sandbox.url)
  const customer = await people.arrive()
  await control.post('/_sandbox/faults', { callbacks: { drop: 1 } })
  await people.add('zhangsan', customer.phone)
  await control.post('/_sandbox/faults', { clear: true })
  const pipe = createWecomCallback({
    corpId: sandboxCredentials.corpId,
    pairs: [
      {
        token: sandboxCredentials.callbackToken,
        encodingAesKey: sandboxCredentials.callbackAesKey,
      },
    ],
  })
  const xml = `<xml><ToUserName><![CDATA[${sandboxCredentials.corpId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${String(Math.floor(Date.now() / 1000))}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType><UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[${customer.externalUserid}]]></ExternalUserID></xml>`
  const deliver = async (index: number) => {
    const { query, body } = pipe.seal(xml, {
      timestamp: String(Math.floor(Date.now() / 1000)),
      nonce: `nonce${String(index)}`,
    })
    const response = await fetch(
      `${servers[index % 2]!.url}/api/wework/callback?${new URLSearchParams(query).toString()}`,
      { method: 'POST', body, headers: { 'content-type': 'text/xml' } },
    )
    return response.status
  }
  expect(await Promise.all(Array.from({ length: 20 }, (_, index) => deliver(index)))).toEqual(
    Array.from({ length: 20 }, () => 200),
  )
  await jobsDone()
  expect(await database.db('callback_inbox').count()).toEqual([{ count: 1 }])
  expect(
    await database.db('wework_customer_events').where({ external_userid: customer.externalUserid }),
  ).toHaveLength(1)
  expect(
    await database
      .db('evidence')
      .where({ external_userid: customer.externalUserid, kind: 'phone_search' }),
  ).toHaveLength(1)
  const calls = (await control.get('/_sandbox/calls')).body as { path: string }[]
  expect(calls.filter(({ path }) => path.endsWith('externalcontact/get'))).toHaveLength(1)
})

test('one code claimed by 20 senders at once opens one attempt', async () => {
  const owner = await people.arrive({ unionid: false })
  await owner.signIn()
  const { bindCode } = await owner.code()
  const senders = await Promise.all(
    Array.from({ length: 20 }, () => people.arrive({ unionid: false })),
  )
  await Promise.all(senders.map((sender) => sender.say(bindCode)))
  await until('20 answers', async () =>
    (
      await Promise.all(
        senders.map(async (sender) => (await sender.chat()).some(({ from }) => from === 'bot')),
      )
    ).every(Boolean),
  )
  await jobsDone()
  const chats = await Promise.all(senders.map(async (sender) => sender.chat()))
  expect(
    chats.filter((chat) => botTexts(chat).includes('验证码无效或已过期，请回小程序换一个')),
  ).toHaveLength(19)
  expect(
    chats.filter((chat) =>
      chat.some(({ menu }) => menu?.some(({ miniprogramPath }) => miniprogramPath)),
    ),
  ).toHaveLength(1)
  expect(await database.db('pending_bindings').where({ state: 'open' })).toHaveLength(1)
})

test('jobs of a process killed with SIGKILL are done by the other at once, not after hours', async () => {
  const customer = await people.arrive()
  const control = createHttp(sandbox.url)
  // The look at the contact hangs, so the job is under way when its process dies.
  await control.post('/_sandbox/faults', {
    slow: [{ path: 'externalcontact/get', ms: 4_000, times: 1 }],
  })
  await people.add('zhangsan', customer.phone)
  const locked = await until(
    'the job to be under way',
    async () =>
      (await listJobs(database.db)
        .whereNotNull('locked_by')
        .where({ name: 'contacts.take-change' })
        .first('locked_by')) as { locked_by: string } | undefined,
  )
  const isOf = (server: ServerProcess) =>
    server.lines.some((line) => line.includes(locked.locked_by))
  const victim = servers.find(isOf) ?? servers[0]!
  await victim.kill()
  const survivor = servers.find((server) => server !== victim)!
  sandbox.setCallbackBase(survivor.url)
  servers = [survivor, await spawnServer(townEnvironment(sandbox.url, database.connectionString))]
  const end = Date.now() + 15_000
  for (; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    if (
      await database
        .db('evidence')
        .where({ external_userid: customer.externalUserid, kind: 'phone_search' })
        .first('id')
    )
      break
  }
  expect(
    await database
      .db('evidence')
      .where({ external_userid: customer.externalUserid, kind: 'phone_search' }),
  ).toHaveLength(1)
})
