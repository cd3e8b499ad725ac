import { request } from 'node:http'
import { expect, test } from '@jest/globals'
import { createHouse } from '../../compose.ts'
import { readConfig } from '../../lib/config.ts'
import { createLog } from '../../lib/log.ts'
import { OFFICIAL, sandboxEnvironment, useTown } from '../../test/town.ts'
import type { Entry } from './playground.rules.ts'

const town = useTown()
const official = useTown(OFFICIAL)

/** With headers that fetch would not let us choose. */
const knock = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> => new Promise((resolve, reject) => {
  request(town().address + path, { method, headers }, (answer) => { answer.resume().on('end', () => resolve(answer.statusCode!)) }).on('error', reject).end()
})

test('one answer shows who is there, what they see, and what the server made of it; never the words of a customer', async () => {
  const { server, people, settle } = town()
  const invited = await server.post('/playground/api/people', { name: '王小明' })
  expect(invited.body).toMatchObject({ name: '王小明', phone: expect.stringMatching(/^1380013\d{4}$/) })
  await people.add('zhangsan', invited.body.phone)
  await town().control.post(`/_sandbox/people/${invited.body.personId}/kf/send`, { text: '我家的保险箱密码是 998877' })
  await settle()
  const { body } = await server.get(`/playground/api/look?person=${invited.body.personId}&member=zhangsan&since=0`)
  expect(body.people.map((person: { name: string }) => person.name)).toEqual(['王小明'])
  expect(body.customers).toHaveLength(1)
  expect(body.standings).toEqual([{ externalUserId: invited.body.externalUserid, status: 'partial', mayQuery: false }])
  const timeline = body.timeline as Entry[]
  expect(new Set(timeline.map(({ lane }) => lane))).toEqual(new Set(['received', 'decided', 'sent']))
  expect(timeline.filter(({ evidence }) => evidence === 'E5')).toHaveLength(1)
  expect(JSON.stringify(timeline)).not.toMatch(/保险箱|998877/)
  expect(JSON.stringify(timeline)).not.toContain(invited.body.phone)
})

test('the official account of a person is shown: his chat, what the server took from it, and what it said by itself', async () => {
  const { server, people, settle } = official()
  const customer = await people.arrive()
  const at = `/playground/api/sandbox/people/${customer.personId}/official`
  const look = async () => (await server.get(`/playground/api/look?person=${customer.personId}&since=0`)).body
  expect((await look()).official).toEqual({ followed: null, lines: [] })
  expect((await server.post(`${at}/follow`, {})).body).toEqual({ reply: expect.stringContaining('欢迎关注') })
  await server.post(`${at}/send`, { text: customer.phone })
  await people.add('zhangsan', customer.phone)
  await settle()
  const { official: chat, timeline } = await look()
  expect(chat).toMatchObject({ followed: true, lines: [{ from: 'account' }, { from: 'customer', text: customer.phone }, { from: 'account' }, { from: 'account', text: expect.stringContaining('绑定成功') }] })
  const mine = (timeline as Entry[]).filter(({ openid, title }) => openid === customer.officialOpenid && title.startsWith('公众号'))
  expect(mine.map(({ title }) => title)).toEqual(['公众号：告诉客户可以查询了', '公众号：客户发来手机号，记为线索', '公众号：客户关注了公众号'])
  expect(JSON.stringify(timeline)).not.toContain(customer.phone)
})

test('an invited customer has a project that only he will see', async () => {
  const { server, db } = town()
  const { body } = await server.post('/playground/api/people', { name: '王小明' })
  expect(await db('projects').select('title')).toEqual([{ title: '王小明家 · 全屋定制' }])
  expect(await db('customers').where({ phone: body.phone })).toHaveLength(1)
})

test('the control API is passed on, with its own refusals', async () => {
  const { server } = town()
  expect((await server.get('/playground/api/sandbox/members')).body).toHaveLength(4)
  expect((await server.post('/playground/api/sandbox/faults', { clear: true })).status).toBe(200)
  expect(await server.get('/playground/api/sandbox/people/nobody')).toMatchObject({ status: 404, body: { error: expect.any(String) } })
})

test.each([
  ['another web site', { origin: 'https://evil.example' }],
  ['another site without saying so', { 'sec-fetch-site': 'cross-site' }],
  ['a name that was bent to this machine', { host: 'evil.example' }],
])('the playground refuses %s', async (_, headers) => {
  expect(await knock('/playground/api/look?since=0', headers)).toBe(403)
  expect(await knock('/playground/api/sandbox/reset', headers, 'POST')).toBe(403)
})

test.each(['/preview/../../package.json', '/preview/%2e%2e/.hash', '/playground/.hash', '/playground/nothing.js'])('%s is no page', async (path) => {
  expect(await knock(path)).toBe(404)
})

test('beside the real platforms there is neither playground nor preview', async () => {
  const { sandbox, database } = town()
  const house = createHouse(readConfig({ ...sandboxEnvironment(sandbox.url, database.connectionString), SANDBOX: 'off' }), { log: createLog({ level: 'error' }) })
  const address = await house.start()
  try {
    for (const path of ['/playground', '/preview/', '/playground/api/look', '/playground/api/sandbox/people']) expect((await fetch(address + path)).status).toBe(404)
  } finally {
    await house.stop()
  }
})
