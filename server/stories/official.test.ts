import { describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { sandboxCredentials as known } from '../../scripts/sandbox/base/credentials.ts'
import {
  BAD_PHONE,
  CLAIMED,
  GREETING,
  HELP,
  HOW_TO_UNBIND,
  HUMAN,
  NOT_ADDED,
  NOT_PROVEN,
  OWN_PHONE,
} from '../features/official-account/official-account.texts.ts'
import { readConfig } from '../config.ts'
import { ConfigRefused } from '../lib/environment.ts'
import { createOfficialCallback } from '../outside/weixin/official.callback.ts'
import { openGate } from '../test/gate.ts'
import { OFFICIAL, townEnvironment, useTown, type Town } from '../test/town.ts'
import { waitFor } from '../test/wait.ts'
import { addJob, listJobs } from '../test/job-desk.ts'

const { OFFICIAL_AES_KEY: _, ...PLAIN } = OFFICIAL

const town = useTown(OFFICIAL)
const trusting = useTown({ ...OFFICIAL, BINDING_TRUST_PHONE_CLAIM: 'true' })
const plain = useTown(PLAIN)

const PATH = '/api/wechat/message'
const claims = (at: Town) => at.db('temp_bindings').orderBy('id')
const customers = (at: Town) => at.db('customers').whereNull('merged_into').orderBy('id')
const setMode = (at: Town, officialMode: string) =>
  at.control.post('/_sandbox/settings', { officialMode })
const masked = (phone: string) => `${phone.slice(0, 3)}****${phone.slice(-4)}`

/** A follower who sent his phone. */
async function claimant(
  at: Town,
  options: { unionid?: boolean; phone?: string } = {},
): Promise<Person> {
  const customer = await at.people.arrive({ unionid: options.unionid ?? true })
  await customer.followOfficial()
  expect(await customer.writeOfficial(options.phone ?? customer.phone)).toBe(CLAIMED)
  await at.settle()
  return customer
}

describe('the acceptance list of seed 0 (R0.73, R0.74), with unionid', () => {
  test('from the phone in the official account to the progress, without another step of the customer', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive()
    await people.load('SO-OA', customer.phone, {
      title: '翠湖花园',
      stages: [
        { name: '设计', status: 'done' },
        { name: '生产', status: 'active' },
      ],
    })
    expect(await customer.followOfficial()).toBe(GREETING)
    expect(await customer.writeOfficial('查询项目进度')).toBe(NOT_ADDED)
    expect(await customer.writeOfficial(customer.phone)).toBe(
      '已收到您的联系方式！\n请联系我们的销售人员，他们会通过企业微信添加您。\n添加成功后，您即可查询项目进度。',
    )
    const [claim] = await claims(town())
    expect(claim).toMatchObject({
      wechat_openid: customer.officialOpenid,
      phone_number: customer.phone,
      status: 'waiting',
    })
    expect(claim.expires_at - claim.created_at).toBe(48 * 3_600_000)
    expect(await customer.writeOfficial('进度')).toBe(NOT_PROVEN)

    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await db('wework_customer_events')).toMatchObject([
      {
        event_type: 'add_external_contact',
        add_way: 2,
        employee_userid: 'zhangsan',
        customer_phone: customer.phone,
      },
    ])
    expect(await customers(town())).toMatchObject([
      {
        phone: customer.phone,
        wework_userid: customer.externalUserid,
        wechat_openid: customer.officialOpenid,
        binding_status: 'bound',
        bound_by: 'zhangsan',
      },
    ])
    expect(await claims(town())).toMatchObject([
      { status: 'bound', phone_number: masked(customer.phone) },
    ])
    for (const question of ['查询项目进度', '进度', '查进度？', '进度怎么样了'])
      expect(await customer.writeOfficial(question)).toBe(
        `您的项目进度：\n· 翠湖花园：进行中，生产（1/2）\n<a href="" data-miniprogram-appid="${known.miniAppId}" data-miniprogram-path="pages/projects/projects">打开小程序查看详情</a>`,
      )
    expect(await customer.writeOfficial(customer.phone)).toBe(OWN_PHONE)
    expect(await claims(town())).toHaveLength(1)
  })

  test('a customer who was not added by phone search is refused', async () => {
    const { people, settle } = town()
    const customer = await claimant(town())
    await people.load('SO-OA2', customer.phone)
    await people.add('zhangsan', customer.phone, { addWay: 1 })
    await settle()
    expect(await customer.writeOfficial('查询项目进度')).toMatch(
      /^请先联系销售人员添加您\n.*顾问需要用手机号搜索，重新添加您。$/,
    )
    expect((await claims(town()))[0].status).toBe('waiting')
  })

  test('after 48 hours the claim is over and its phone forgotten, and the customer may send it again', async () => {
    const { settle, db } = town()
    const customer = await claimant(town(), { unionid: false })
    await db('temp_bindings').update({
      created_at: new Date(Date.now() - 48 * 3_600_000 - 1_000),
      expires_at: new Date(Date.now() - 1_000),
    })
    expect(await customer.writeOfficial('进度')).toBe(NOT_ADDED)
    await addJob(db, 'phone-claims.expire')
    await settle()
    expect(await claims(town())).toMatchObject([
      { status: 'expired', phone_number: masked(customer.phone) },
    ])
    expect(await customer.writeOfficial(customer.phone)).toBe(CLAIMED)
    expect(await claims(town())).toMatchObject([{ status: 'expired' }, { status: 'waiting' }])
  })

  test('the claim may come after the add, before WeChat tells who he is', async () => {
    const { people, settle, control } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await settle()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'user/info', errcode: 45009, times: 1 }],
    })
    expect(await customer.writeOfficial(customer.phone)).toBe(CLAIMED)
    await settle()
    expect(await claims(town())).toMatchObject([{ status: 'bound' }])
    expect(await customer.writeOfficial('进度')).toContain('还没有查到您名下的项目')
  })

  test('the end of the permission is seen in the official account at once', async () => {
    const { people, settle, control } = town()
    const customer = await claimant(town())
    await people.load('SO-OA3', customer.phone)
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await customer.writeOfficial('进度')).toContain('SO-OA3')
    await control.post('/_sandbox/members/zhangsan/remove', { phone: customer.phone })
    await settle()
    expect(await customer.writeOfficial('进度')).toBe(NOT_ADDED)
  })
})

describe('without unionid', () => {
  test('by default a claim and a phone search do not bind: the account is not proven (D1)', async () => {
    const { people, settle } = town()
    const customer = await claimant(town(), { unionid: false })
    await people.load('SO-D1', customer.phone)
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await customers(town())).toMatchObject([
      { wechat_openid: null, binding_status: 'partial' },
    ])
    expect(await customer.writeOfficial('查询项目进度')).toBe(NOT_PROVEN)
    expect(NOT_PROVEN).toMatch(
      /^请先联系销售人员添加您\n如果他已经添加您，还差一步：.*完成绑定后，在小程序里查看项目进度。$/,
    )
  })

  test('a company that trusts claims binds by them', async () => {
    const { people, settle } = trusting()
    const customer = await claimant(trusting(), { unionid: false })
    await people.load('SO-D1', customer.phone)
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await customers(trusting())).toMatchObject([
      { wechat_openid: customer.officialOpenid, binding_status: 'bound' },
    ])
    expect(await customer.writeOfficial('查询项目进度')).toContain('SO-D1')
    expect(await claims(trusting())).toMatchObject([{ status: 'bound' }])
  })

  test.each([
    ['by default', town],
    ['even where claims are trusted', trusting],
  ])(
    "a stranger who states a customer's phone learns nothing, and the customer is not locked out (%s)",
    async (_, at) => {
      const { people, settle } = at()
      const customer = await people.arrive()
      await people.load('SO-OWN', customer.phone)
      const stranger = await claimant(at(), { phone: customer.phone })
      const before = await stranger.writeOfficial('进度')
      await customer.followOfficial()
      expect(await customer.writeOfficial(customer.phone)).toBe(CLAIMED)
      await people.add('zhangsan', customer.phone)
      await settle()
      expect(await stranger.writeOfficial('进度')).toBe(before)
      expect(before).not.toContain('SO-OWN')
      expect(await customer.writeOfficial('进度')).toContain('SO-OWN')
    },
  )
})

describe('one person, two apps', () => {
  test('the official account joins a customer who was bound in the mini-program', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive()
    await people.load('SO-TWO', customer.phone)
    await people.add('zhangsan', customer.phone)
    await customer.signIn()
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    await customer.followOfficial()
    await settle()
    expect(await customer.writeOfficial('进度')).toContain('SO-TWO')
    expect(await db('customer_accounts').whereNull('ended_at').orderBy('app')).toMatchObject([
      { app: 'miniprogram' },
      { app: 'official' },
    ])
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
  })

  test('a look-up of the unionid that failed is tried again (D15)', async () => {
    const { people, settle, control } = town()
    const customer = await people.arrive()
    await people.load('SO-15', customer.phone)
    await people.add('zhangsan', customer.phone)
    await settle()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'user/info', errcode: 45009, times: 1 }],
    })
    await customer.followOfficial()
    await settle()
    expect(await customer.writeOfficial('你好')).toBe(HELP)
    await waitFor(
      'the next try',
      async () => (await customers(town()))[0].binding_status === 'bound',
    )
  })
})

describe('what the customer writes', () => {
  test.each([
    '{p}',
    ' {p} ',
    '+86 {p}',
    '0086{p}',
    '86-{p}',
    '{3} {4} {5}',
    '{3}-{4}-{5}',
    '{full}',
    '{p}。',
    '手机号：{p}',
    '我的电话是{p}',
    '“{p}”',
    '{p}\n谢谢',
    'tel:{p}',
    'Tel {p}',
    '您好，{p}，谢谢',
  ])('%j is his phone', async (spelling) => {
    const customer = await town().people.arrive()
    const p = customer.phone
    const full = p.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))
    const text = spelling
      .replace('{p}', p)
      .replace('{3}', p.slice(0, 3))
      .replace('{4}', p.slice(3, 7))
      .replace('{5}', p.slice(7))
      .replace('{full}', full)
    expect(await customer.writeOfficial(text)).toBe(CLAIMED)
    expect((await claims(town()))[0].phone_number).toBe(p)
  })

  test('digits that are no phone get an answer of their own, how-to words too', async () => {
    const customer = await town().people.arrive()
    for (const text of ['1380013800', '12345678901', '手机号 138001380001'])
      expect(await customer.writeOfficial(text)).toBe(BAD_PHONE)
    for (const text of ['解绑', '解除绑定'])
      expect(await customer.writeOfficial(text)).toBe(HOW_TO_UNBIND)
    for (const text of ['人工', '客服']) expect(await customer.writeOfficial(text)).toBe(HUMAN)
    for (const word of ['解绑', '人工']) expect(HELP).toContain(`发送「${word}」`)
    expect(await claims(town())).toHaveLength(0)
  })

  test('everything else gets a short help', async () => {
    const customer = await town().people.arrive()
    for (const text of [
      '你好',
      '123456',
      '13800138000 13900139000',
      '我老婆的电话是13800138000',
      ']]><evil>',
      '😀',
    ])
      expect(await customer.writeOfficial(text)).toBe(HELP)
    expect(
      (
        await town().control.post(`/_sandbox/people/${customer.personId}/official/send`, {
          type: 'voice',
        })
      ).body,
    ).toEqual({ reply: HELP })
    expect(await claims(town())).toHaveLength(0)
  })

  test('a menu item of the account asks for the progress, others are not ours', async () => {
    const { people, control } = town()
    const customer = await people.arrive()
    const tap = async (menuKey: string) =>
      (await control.post(`/_sandbox/people/${customer.personId}/official/send`, { menuKey })).body
    expect(await tap('查询项目进度')).toEqual({ reply: NOT_ADDED })
    expect(await tap('V1001_GOOD')).toEqual({ reply: null })
  })

  test('a second phone within a minute must wait', async () => {
    const customer = await claimant(town())
    expect(await customer.writeOfficial('13900000001')).toMatch(
      /^您提交手机号有些频繁，请 \d+ 秒后再发送。$/,
    )
    expect(await customer.writeOfficial(customer.phone)).toBe(CLAIMED)
    expect(await claims(town())).toHaveLength(1)
  })

  test('who leaves is noted, and may come again', async () => {
    const { db } = town()
    const customer = await claimant(town())
    expect(await customer.unfollowOfficial()).toBeNull()
    expect(await db('callback_inbox').whereLike('payload', '%"nothing"%')).toHaveLength(1)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await customer.followOfficial()).toBe(GREETING)
  })

  test('neither his words nor his full phone are kept or logged', async () => {
    const { db, lines } = town()
    const customer = await claimant(town())
    await customer.writeOfficial('我的秘密是芝麻开门')
    const kept =
      JSON.stringify(await db('callback_inbox')) +
      JSON.stringify(await listJobs(db)) +
      lines.join('\n')
    for (const secret of ['芝麻开门', customer.phone]) expect(kept).not.toContain(secret)
    expect(kept).toContain('claimed')
  })
})

describe('pushes, in every mode', () => {
  test.each([
    ['safe', town],
    ['compatible', town],
    ['plain', plain],
  ])("%s: the console's check passes, phone and progress are answered", async (mode, at) => {
    await setMode(at(), mode)
    expect((await at().control.post('/_sandbox/official/check-url')).body).toEqual({ ok: true })
    const customer = await claimant(at())
    await at().people.load('SO-MODE', customer.phone)
    await at().people.add('zhangsan', customer.phone)
    await at().settle()
    expect(await customer.writeOfficial('进度')).toContain('SO-MODE')
    await setMode(at(), 'safe')
  })

  test('a server with a key refuses plain pushes: the customer sees that the account does not work', async () => {
    await town().control.post('/_sandbox/settings', { officialMode: 'plain', retryDelayMs: 10 })
    const customer = await town().people.arrive()
    expect(await customer.writeOfficial(customer.phone)).toBe(
      '该公众号暂时无法提供服务，请稍后再试',
    )
    expect((await town().control.get('/_sandbox/official/pushes')).body.at(-1)).toMatchObject({
      attempts: ['status 401', 'status 401', 'status 401'],
    })
    expect(await claims(town())).toHaveLength(0)
    await setMode(town(), 'safe')
  })

  test('a doubled push makes one claim and one look-up', async () => {
    const { control, people, settle, db } = town()
    await control.post('/_sandbox/faults', { callbacks: { duplicate: 1 } })
    const customer = await people.arrive({ unionid: false })
    expect(await customer.writeOfficial(customer.phone)).toBe(CLAIMED)
    await settle()
    expect(await claims(town())).toHaveLength(1)
    expect(await db('callback_inbox')).toHaveLength(1)
    expect(
      (await control.get('/_sandbox/calls')).body.filter((call: { path: string }) =>
        call.path.endsWith('/user/info'),
      ),
    ).toHaveLength(1)
  })

  test('a push whose answer was lost gets the same answer when it is repeated, and no second effect', async () => {
    const { control, people, sandbox, address } = town()
    const gate = await openGate(() => address)
    await control.post('/_sandbox/settings', { retryDelayMs: 10 })
    const customer = await people.arrive()
    await customer.writeOfficial('13900000002')
    sandbox.setCallbackBase(gate.url)
    const held = gate.hold(PATH, 'answer')
    const reply = customer.writeOfficial(customer.phone)
    await held.reached
    // Were the repetition decided anew, the phone would now be taken.
    await town()
      .db('temp_bindings')
      .update({ created_at: new Date(Date.now() - 120_000) })
    held.drop()
    expect(await reply).toMatch(/^您提交手机号有些频繁，请 \d+ 秒后再发送。$/)
    expect(gate.count(PATH)).toBe(2)
    expect((await claims(town())).map((claim) => claim.phone_number)).toEqual(['13900000002'])
    sandbox.setCallbackBase(address)
    await gate.close()
  })
})

describe("pushes that are not WeChat's", () => {
  const now = () => String(Math.floor(Date.now() / 1000))
  const fields = {
    ToUserName: known.officialOriginalId,
    FromUserName: 'oForged',
    CreateTime: 1,
    MsgType: 'text',
    Content: '13800138000',
    MsgId: '1',
  }
  const post = async (
    at: Town,
    { query, body }: { query: Record<string, string>; body: string },
  ) => {
    const answer = await fetch(`${at.address}${PATH}?${new URLSearchParams(query).toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body,
    })
    return { status: answer.status, text: await answer.text() }
  }
  const pipe = (more: object = {}) =>
    createOfficialCallback({
      appId: known.officialAppId,
      token: known.officialToken,
      encodingAesKey: known.officialAesKey,
      ...more,
    })

  test.each([
    [
      'a wrong token',
      () => pipe({ token: 'guessed' }).seal(fields, { timestamp: now(), nonce: 'n' }),
      401,
    ],
    [
      'another app',
      () => pipe({ appId: 'wxother' }).seal(fields, { timestamp: now(), nonce: 'n' }),
      403,
    ],
    [
      'an old push',
      () => pipe().seal(fields, { timestamp: String(Number(now()) - 400), nonce: 'n' }),
      401,
    ],
    [
      'a plain push with a good plain signature',
      () => pipe({ encodingAesKey: undefined }).seal(fields, { timestamp: now(), nonce: 'n' }),
      401,
    ],
    [
      'clear fields beside no ciphertext',
      () => ({
        ...pipe().seal(fields, { timestamp: now(), nonce: 'n' }),
        body: '<xml><Content>13800138000</Content></xml>',
      }),
      400,
    ],
    [
      'no XML',
      () => ({ ...pipe().seal(fields, { timestamp: now(), nonce: 'n' }), body: 'hello' }),
      400,
    ],
  ])('%s is refused and leaves nothing', async (_, forge, status) => {
    expect((await post(town(), forge())).status).toBe(status)
    for (const table of ['accounts', 'temp_bindings', 'callback_inbox'])
      expect(await town().db(table)).toHaveLength(0)
  })

  test('the URL check answers nobody else', async () => {
    const { server } = town()
    expect(
      (
        await server.get(
          `${PATH}?signature=${'0'.repeat(40)}&timestamp=${now()}&nonce=n&echostr=hi`,
        )
      ).status,
    ).toBe(401)
    expect((await server.get(`${PATH}?echostr=hi`)).status).toBe(401)
  })

  test('a push we do not know is taken without a word', async () => {
    const { ToUserName, FromUserName } = fields
    const event = pipe().seal(
      {
        ToUserName,
        FromUserName,
        CreateTime: 1,
        MsgType: 'event',
        Event: 'TEMPLATESENDJOBFINISH',
        MsgID: '200',
        Status: 'success',
      },
      { timestamp: now(), nonce: 'n' },
    )
    expect(await post(town(), event)).toEqual({ status: 200, text: 'success' })
  })
})

describe('the configuration', () => {
  const real = {
    ...townEnvironment('http://127.0.0.1:1', 'postgres://db/x'),
    OFFICIAL_APP_ID: 'wx1',
    OFFICIAL_APP_SECRET: 's',
    OFFICIAL_TOKEN: 't',
    OFFICIAL_AES_KEY: 'a'.repeat(43),
  }
  const problemsOf = (env: Record<string, string>): string => {
    try {
      readConfig(env)
      return ''
    } catch (error) {
      return error instanceof ConfigRefused ? error.problems.join('\n') : String(error)
    }
  }

  test('the official account is configured as a whole or not at all', () => {
    expect(problemsOf(real)).toBe('')
    expect(problemsOf({ ...real, OFFICIAL_TOKEN: '' })).toMatch(
      /^OFFICIAL_TOKEN is missing.*令牌\)$/,
    )
    expect(
      problemsOf({
        ...real,
        OFFICIAL_APP_ID: '',
        OFFICIAL_APP_SECRET: '',
        OFFICIAL_TOKEN: '',
      }).split('\n'),
    ).toHaveLength(3)
    expect(
      readConfig({
        ...real,
        OFFICIAL_APP_ID: '',
        OFFICIAL_APP_SECRET: '',
        OFFICIAL_TOKEN: '',
        OFFICIAL_AES_KEY: '',
      }).official,
    ).toBeNull()
  })

  test('plain mode is refused in production', () => {
    expect(problemsOf({ ...real, OFFICIAL_AES_KEY: '' })).toBe('')
    expect(problemsOf({ ...real, NODE_ENV: 'production', OFFICIAL_AES_KEY: '' })).toMatch(
      /^OFFICIAL_AES_KEY is missing: plain mode is refused/m,
    )
    expect(problemsOf({ ...real, NODE_ENV: 'production' })).not.toContain('OFFICIAL')
  })
})
