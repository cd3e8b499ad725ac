import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { inventPhone } from '../../scripts/play/people.ts'
import { createHttp, type Reply } from '../../scripts/play/requests.ts'
import { secondTemplate } from '../../scripts/second-platform/consents.ts'
import {
  openSecondPlatform,
  type SecondPlatform,
} from '../../scripts/second-platform/second-platform.ts'
import {
  secondCredentials as known,
  type Person,
  type Seen,
} from '../../scripts/second-platform/world.ts'
import { createHouse } from '../compose.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../lib/log.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { howMany } from '../test/long.ts'
import { addJob, hurryJobs, listJobs } from '../test/job-desk.ts'

const ADMIN_KEY = 'second-platform-admin-key-0123456789'
/** One of the day, in a long run also one that has found something; SECOND_PLATFORM_SEED=n repeats one. */
const GIVEN = process.env['SECOND_PLATFORM_SEED']
const SEEDS =
  GIVEN === undefined
    ? [Date.now() % 1_000_000, 40_014].slice(0, howMany(1, 2))
    : GIVEN.split(',').map(Number)

type Place = Awaited<ReturnType<typeof openPlace>>
type Customer = ReturnType<Place['welcomeVisitor']>

async function openPlace(seed: number, rare: boolean) {
  const database = await testDatabase()
  const platform = await openSecondPlatform({ seed, refusing: 0.08, slowMs: 12, rare })
  const lines: string[] = []
  const log = createLog({
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
  })
  const house = createHouse(readConfig(environment(platform, database)), { log })
  const server = createHttp(await house.start())
  platform.deliverTo(server.base)
  return {
    seed,
    database,
    platform,
    lines,
    house,
    server,
    settle: () => settle(platform, database),
    welcomeVisitor: (how: How) => welcomeVisitor({ platform, server }, how),
  }
}

/** The variables of a real company: one app and one callback for all of WeCom. */
function environment(
  { url }: SecondPlatform,
  { connectionString }: TestDatabase,
): Record<string, string> {
  return {
    DATABASE_URL: connectionString,
    SANDBOX: 'off',
    PORT: '0',
    ADMIN_KEY,
    SECRET_KEY: 'second-platform-secret-key-0123456789',
    LOG_LEVEL: 'debug',
    WECOM_API_BASE: `${url}/corp`,
    WECHAT_API_BASE: `${url}/wx`,
    PUBLIC_BASE_URL: 'https://progress.example.com',
    STAFF_QUIET_HOURS: 'off',
    WEWORK_CORP_ID: known.corpId,
    WEWORK_AGENT_ID: known.agentId,
    WEWORK_CONTACT_SECRET: known.appSecret,
    WEWORK_CALLBACK_TOKEN: known.callbackToken,
    WEWORK_CALLBACK_AES_KEY: known.callbackAesKey,
    WEWORK_KF_OPEN_KFID: known.openKfId,
    WECHAT_APP_ID: known.miniAppId,
    WECHAT_APP_SECRET: known.miniAppSecret,
    WECHAT_PUSH_TOKEN: known.pushToken,
    WECHAT_PUSH_AES_KEY: known.pushAesKey,
    OFFICIAL_APP_ID: known.officialAppId,
    OFFICIAL_APP_SECRET: known.officialAppSecret,
    OFFICIAL_TOKEN: known.officialToken,
    OFFICIAL_AES_KEY: known.officialAesKey,
  }
}

/** Until nothing is on its way and nothing is left to do. What failed, or tries again later, waits a moment instead of its time. */
async function settle(platform: SecondPlatform, { db }: TestDatabase): Promise<void> {
  const waits = `attempts < max_attempts and (run_at <= now() + interval '100 ms' or last_error is not null or name in ('contacts.look-again', 'welcome.greet'))`
  for (let quiet = 0; quiet < 3; await sleep(8)) {
    await platform.idle()
    const left: unknown[] = await listJobs(db).whereRaw(waits)
    quiet = left.length === 0 ? quiet + 1 : 0
    await hurryJobs(db, waits)
  }
}

type How = { unionid?: boolean; phone?: string }

/** Somebody with the mini-program: who is told that the server could not reach WeChat taps once more. */
function welcomeVisitor(
  { platform, server }: { platform: SecondPlatform; server: ReturnType<typeof createHttp> },
  { unionid = false, phone = inventPhone() }: How,
) {
  const person = platform.arrive({ name: '赵敏', phone, unionid })
  let token = ''
  const patiently = async (ask: () => Promise<Reply>): Promise<Reply> => {
    for (let tries = 1; ; tries += 1) {
      const reply = await ask()
      if (reply.status < 500 || tries === 6) return reply
    }
  }
  const data = async (ask: () => Promise<Reply>) => {
    const reply = await patiently(ask)
    expect(reply).toMatchObject({ status: 200 })
    return reply.body.data
  }
  return {
    person,
    phone,
    signIn: async () => {
      token = (
        await data(() => server.post('/api/wechat/openid', { code: platform.loginCode(person) }))
      ).sessionToken
    },
    me: () => data(() => server.get('/api/me', token)),
    code: () =>
      data(() => server.post('/api/binding/code', undefined, token)) as Promise<{
        bindCode: string
        kfUrl: string
      }>,
    status: () => data(() => server.get('/api/binding/status', token)),
    claim: () => server.post('/api/binding/temp', { phoneNumber: phone }, token),
    openTicket: (ticket: string | undefined) =>
      patiently(() => server.post('/api/binding/ticket', { ticket }, token)),
    projects: () => patiently(() => server.get('/api/projects/my', token)),
    project: (id: string) => patiently(() => server.get(`/api/projects/${id}`, token)),
  }
}

const ticketIn = (seen: readonly Seen[]): string | undefined => {
  const page = seen.flatMap(({ items }) => items).findLast((item) => item.page)?.page
  return new URLSearchParams(page?.split('?')[1]).get('ticket') ?? undefined
}
const ordersIn = (reply: Reply): unknown =>
  reply.body.data?.items.map((item: { orderNo: string }) => item.orderNo) ?? reply.status

let loads = 0
async function load({ server }: Place, phone: string): Promise<string> {
  const orderNo = `SP-${String((loads += 1))}`
  expect(
    await server.put(
      `/api/admin/projects/${orderNo}`,
      { title: `${orderNo} 湖滨路`, customerPhone: phone },
      ADMIN_KEY,
    ),
  ).toMatchObject({ status: 200 })
  return orderNo
}

function usePlace(seed: number, rare: boolean): () => Place {
  let place: Place
  beforeAll(async () => {
    place = await openPlace(seed, rare)
  })
  afterAll(async () => {
    await place.settle()
    await place.house.stop()
    await place.platform.close()
    expect(place.platform.strange).toEqual([])
    const errors = place.lines.filter((line) => line.includes('"level":"error"'))
    expect(
      errors.filter((line) => !line.includes('some contacts could not be taken over')),
    ).toEqual([])
  })
  return () => place
}

/** Digits in the chat, the card that comes back, and the tap. */
async function bindByDigits(place: Place, customer: Customer): Promise<void> {
  await customer.signIn()
  place.platform.say(customer.person, (await customer.code()).bindCode)
  await place.settle()
  const ticket = ticketIn(customer.person.chat)
  if (ticket !== undefined) expect(await customer.openTicket(ticket)).toMatchObject({ status: 200 })
  await place.settle()
}

describe.each(SEEDS)('the main job against a platform that nobody has seen, seed %i', (seed) => {
  const place = usePlace(seed, false)

  test('digits, the card, the search by phone: then, and only then, his own projects', async () => {
    const { platform, welcomeVisitor, settle } = place()
    const customer = welcomeVisitor({})
    const orderNo = await load(place(), customer.phone)
    await load(place(), inventPhone())
    await bindByDigits(place(), customer)
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: false })
    expect(await customer.projects()).toMatchObject({ status: 403 })
    platform.add('wu.gang_2', customer.person)
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    expect(ordersIn(await customer.projects())).toEqual([orderNo])
  })

  test('the addresses of its callbacks can be saved', async () => {
    expect(await place().platform.verifies()).toEqual([true, true, true])
  })

  test('who consented once is told of the next stage once, by a message that opens the project', async () => {
    const { platform, server, welcomeVisitor, settle } = place()
    const settings = {
      noticeTemplates: {
        stage: {
          templateId: secondTemplate.id,
          page: 'pages/project-detail/project-detail',
          fields: { thing5: 'project', phrase8: 'stage', time2: 'at' },
        },
      },
      noticeQuietHours: 'off',
      reason: 'a story',
    }
    expect(await server.put('/api/admin/settings', settings, ADMIN_KEY)).toMatchObject({
      status: 200,
    })
    const customer = welcomeVisitor({ unionid: true })
    const orderNo = await load(place(), customer.phone)
    await bindByDigits(place(), customer)
    platform.add('ChenJie', customer.person)
    await settle()
    platform.answerDialog(customer.person, 'accept')
    await settle()
    // with the first stage nothing has moved yet
    for (const name of ['设计', '生产', '安装']) {
      const order = {
        title: `${orderNo} 湖滨路`,
        customerPhone: customer.phone,
        stages: [{ name, status: 'active' }],
      }
      await server.put(`/api/admin/projects/${orderNo}`, order, ADMIN_KEY)
      await settle()
    }
    const { id } = (await customer.projects()).body.data.items[0]
    expect(customer.person.notices).toEqual([
      {
        lines: [`${orderNo} 湖滨路`, '生产', expect.stringMatching(/^\d{4}年/)],
        page: `pages/project-detail/project-detail?id=${id}`,
      },
    ])
  })

  test('the link and the card bind without typing', async () => {
    const { platform, welcomeVisitor, settle } = place()
    const customer = welcomeVisitor({})
    await customer.signIn()
    platform.enter(customer.person, (await customer.code()).kfUrl)
    await settle()
    expect(await customer.status()).toMatchObject({ state: 'awaiting_confirmation' })
    expect(await customer.openTicket(ticketIn(customer.person.chat))).toMatchObject({ status: 200 })
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
  })

  test('a link whose event is lost is found when the customer writes', async () => {
    const { platform, welcomeVisitor, settle } = place()
    const customer = welcomeVisitor({})
    await customer.signIn()
    platform.enter(customer.person, (await customer.code()).kfUrl, { isLost: true })
    platform.say(customer.person, '你好')
    await settle()
    expect(await customer.openTicket(ticketIn(customer.person.chat))).toMatchObject({ status: 200 })
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
  })

  test('a page of the chat that stands still hides nothing behind it', async () => {
    const { platform, welcomeVisitor } = place()
    const customer = welcomeVisitor({ unionid: true })
    platform.stall(2)
    await bindByDigits(place(), customer)
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
  })

  test('equal unionids need no card', async () => {
    const { welcomeVisitor } = place()
    const customer = welcomeVisitor({ unionid: true })
    await bindByDigits(place(), customer)
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
    expect(ticketIn(customer.person.chat)).toBeUndefined()
  })

  test.each(['digits', 'link'] as const)(
    'a stranger who makes a customer use his %s gets nothing',
    async (by) => {
      const { platform, welcomeVisitor, settle } = place()
      const [customer, stranger] = [welcomeVisitor({}), welcomeVisitor({})]
      await load(place(), customer.phone)
      platform.add('ChenJie', customer.person)
      await stranger.signIn()
      await customer.signIn()
      const { bindCode, kfUrl } = await stranger.code()
      if (by === 'digits') platform.say(customer.person, bindCode)
      else platform.enter(customer.person, kfUrl)
      await settle()
      await customer.openTicket(ticketIn(customer.person.chat))
      await settle()
      expect(await stranger.me()).toMatchObject({ canQuery: false })
      expect(await stranger.projects()).toMatchObject({ status: 403 })
      expect(await customer.projects()).toMatchObject({ status: 403 })
    },
  )

  test.each([1, 999])('who was added another way (%i) sees nothing', async (addWay) => {
    const { platform, welcomeVisitor, settle } = place()
    const customer = welcomeVisitor({ unionid: true })
    await load(place(), customer.phone)
    await bindByDigits(place(), customer)
    platform.add('ChenJie', customer.person, { addWay })
    await settle()
    expect(await customer.projects()).toMatchObject({ status: 403 })
  })

  test.each(['member', 'customer'] as const)('a deletion by the %s ends the view', async (by) => {
    const { platform, welcomeVisitor, settle } = place()
    const customer = welcomeVisitor({ unionid: true })
    const orderNo = await load(place(), customer.phone)
    await bindByDigits(place(), customer)
    platform.add('ChenJie', customer.person)
    await settle()
    expect(ordersIn(await customer.projects())).toEqual([orderNo])
    platform.drop('ChenJie', customer.person, by)
    await settle()
    expect(await customer.projects()).toMatchObject({ status: 401 })
    await customer.signIn()
    expect(await customer.projects()).toMatchObject({ status: 403 })
  })

  test('a contact that is announced before it is shown is looked at again, and is one add', async () => {
    const { platform, welcomeVisitor, settle, database } = place()
    const customer = welcomeVisitor({ unionid: true })
    const orderNo = await load(place(), customer.phone)
    await bindByDigits(place(), customer)
    platform.add('wu.gang_2', customer.person, { shownAfterMs: 400 })
    await settle()
    expect(ordersIn(await customer.projects())).toEqual([orderNo])
    const adds = await database.db('wework_customer_events').where({
      external_userid: customer.person.externalUserid,
      event_type: 'add_external_contact',
    })
    expect(adds).toMatchObject([
      {
        employee_userid: 'wu.gang_2',
        add_way: 2,
        customer_phone: customer.phone,
        followed_at: expect.any(Date),
      },
    ])
  })

  test('adds and deletions of which no callback told are found by the pull of all contacts', async () => {
    const {
      platform,
      welcomeVisitor,
      settle,
      database: { db },
    } = place()
    /** One that a limit has cut short is followed by the next. */
    const pull = async () => {
      do {
        await addJob(db, 'contacts.reconcile')
        await settle()
      } while (!(await db('reconciliations').orderBy('id', 'desc').first('complete')).complete)
    }
    const customer = welcomeVisitor({ unionid: true })
    const orderNo = await load(place(), customer.phone)
    await bindByDigits(place(), customer)
    for (const _ of [1, 2, 3]) platform.add('ChenJie', welcomeVisitor({}).person, { isLost: true })
    platform.add('ChenJie', customer.person, { isLost: true })
    await pull()
    expect(ordersIn(await customer.projects())).toEqual([orderNo])
    platform.drop('ChenJie', customer.person, 'nobody tells')
    await pull()
    await pull()
    expect(await customer.projects()).toMatchObject({ status: 401 })
  })

  test('where people serve the chat, the link binds all the same, and digits when they have done', async () => {
    const { platform, welcomeVisitor, settle } = place()
    const [byLink, byDigits] = [welcomeVisitor({}), welcomeVisitor({})]
    for (const customer of [byLink, byDigits]) await customer.signIn()
    platform.putOnDuty('ChenJie')
    platform.enter(byLink.person, (await byLink.code()).kfUrl)
    platform.say(byDigits.person, (await byDigits.code()).bindCode)
    await settle()
    platform.putOnDuty()
    expect(await byDigits.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'human_serving',
    })
    expect(byDigits.person.chat).toEqual([])
    expect(platform.members.find(({ userid }) => userid === 'ChenJie')?.notes).toHaveLength(1)
    platform.endService(byDigits.person)
    await settle()
    for (const customer of [byLink, byDigits]) {
      expect(await customer.openTicket(ticketIn(customer.person.chat))).toMatchObject({
        status: 200,
      })
      expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
    }
  })

  test('the customer ends the binding himself, in the chat', async () => {
    const { platform, welcomeVisitor, settle } = place()
    const customer = welcomeVisitor({ unionid: true })
    await bindByDigits(place(), customer)
    platform.say(customer.person, '解绑')
    await settle()
    platform.tap(customer.person, customer.person.chat.at(-1)!.items[0]!)
    await settle()
    expect(await customer.projects()).toMatchObject({ status: 401 })
  })

  test('the official account takes his phone, and answers with the project once he was added', async () => {
    const { platform, welcomeVisitor, settle } = place()
    const { person, phone } = welcomeVisitor({ unionid: true })
    const orderNo = await load(place(), phone)
    platform.follow(person)
    await settle()
    platform.writeOfficial(person, phone)
    await settle()
    expect(person.official.join('\n')).toContain('已收到您的联系方式')
    expect(person.official.join('\n')).not.toContain(orderNo)
    platform.add('ChenJie', person)
    await settle()
    platform.writeOfficial(person, '进度')
    await settle()
    expect(person.official.join('\n')).toContain(`${orderNo} 湖滨路`)
  })
})

/** A card of the greeting opens its page only where the path ends in `.html` (facts 11). */
const openCard = (person: Person): string | undefined => {
  const page = person.greetings.flatMap(({ items }) => items).at(-1)?.page ?? ''
  return /^[\w/]+\.html\?/.test(page) ? ticketIn(person.greetings) : undefined
}

describe.each([7, 11])('spellings that only some installations see, seed %i', (seed) => {
  const place = usePlace(seed, true)

  test('digits, the card, the search by phone, the deletion', async () => {
    const { platform, welcomeVisitor, settle } = place()
    const customer = welcomeVisitor({})
    const orderNo = await load(place(), customer.phone)
    await bindByDigits(place(), customer)
    platform.add('ChenJie', customer.person)
    await settle()
    expect(ordersIn(await customer.projects())).toEqual([orderNo])
    platform.drop('ChenJie', customer.person)
    await settle()
    expect(await customer.projects()).toMatchObject({ status: 401 })
  })

  test('the card of the greeting binds who has stated his phone', async () => {
    const { platform, welcomeVisitor, settle } = place()
    const customer = welcomeVisitor({})
    const orderNo = await load(place(), customer.phone)
    await customer.signIn()
    await customer.claim()
    platform.add('ChenJie', customer.person)
    await settle()
    expect(await customer.openTicket(openCard(customer.person))).toMatchObject({ status: 200 })
    await settle()
    expect(ordersIn(await customer.projects())).toEqual([orderNo])
  })
})
