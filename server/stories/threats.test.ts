import { describe, expect, test } from '@jest/globals'
import {
  botTexts,
  findDeny,
  findTicket,
  inventPhone,
  type Person,
} from '../../scripts/play/people.ts'
import { sandboxCredentials as known } from '../../scripts/sandbox/base/credentials.ts'
import { createWecomCallback } from '../outside/wecom/wecom.callback.ts'
import { useTown } from '../test/town.ts'

/** Who attacks, and what he gets: docs/security.md, one test per attack, through the front door. */
const town = useTown()
const INVALID = '验证码无效或已过期，请回小程序换一个'
const HOUR = 3_600_000

/** Somebody who opens the mini-program, of whose unionid WeChat tells nothing. */
async function arrive(): Promise<Person> {
  const customer = await town().people.arrive({ unionid: false })
  await customer.signIn()
  return customer
}

/** A customer who reads the project `orderNo`. */
async function welcome(orderNo: string): Promise<Person> {
  const { people, settle } = town()
  const customer = await arrive()
  await people.load(orderNo, customer.phone)
  await bind(customer)
  await people.add('zhangsan', customer.phone)
  await settle()
  return customer
}

async function bind(customer: Person): Promise<void> {
  await customer.say((await customer.code()).bindCode)
  await town().settle()
  await customer.openTicket(findTicket(await customer.chat())!)
  await town().settle()
}

const read = async (customer: Person): Promise<string[] | number> => {
  const { status, body } = await customer.projects()
  return status === 200 ? body.data.items.map((item: { orderNo: string }) => item.orderNo) : status
}
const claim = (customer: Person, phoneNumber: string, more: object = {}) =>
  town().server.post('/api/binding/temp', { phoneNumber, ...more }, customer.token)
const askStatus = (customer: Person, phone: string) =>
  town().server.get(`/api/customer/binding-status/${phone}`, customer.token)
const askRight = (customer: Person, phone: string) =>
  town().server.get(`/api/customer/can-query/${phone}`, customer.token)

test('G1 guessing: a stranger who hits a live code gets one card in his own chat, which ties him to nobody', async () => {
  const { settle, db } = town()
  const [owner, guesser] = [await arrive(), await arrive()]
  await guesser.say((await owner.code()).bindCode)
  await settle()
  expect(await db('customer_accounts')).toEqual([])
  await guesser.openTicket(findTicket(await guesser.chat())!)
  await settle()
  expect(await owner.status()).toMatchObject({ state: 'refused', reason: 'opened_by_other' })
  expect(await db('customer_accounts')).toEqual([])
})

describe("G2 remote phishing: a customer is talked into sending the attacker's code", () => {
  async function phish() {
    const [attacker, victim] = [await arrive(), await town().people.arrive({ unionid: false })]
    await town().people.load('SO-V', victim.phone)
    await town().people.add('zhangsan', victim.phone)
    await victim.say((await attacker.code()).bindCode)
    await town().settle()
    return { attacker, victim }
  }

  test('when he taps the card, his own account opens it: the code burns, and the attacker reads nothing', async () => {
    const { attacker, victim } = await phish()
    await victim.signIn()
    await victim.openTicket(findTicket(await victim.chat())!)
    await town().settle()
    expect(await attacker.status()).toMatchObject({ state: 'refused', reason: 'opened_by_other' })
    expect(await read(attacker)).toBe(403)
    expect(
      botTexts(await victim.chat()).some((text) => text.includes('不要替别人发送绑定码')),
    ).toBe(true)
  })

  test('不是我 ends it, and the ticket is worthless to the attacker', async () => {
    const { attacker, victim } = await phish()
    const ticket = findTicket(await victim.chat())!
    await victim.tap(findDeny(await victim.chat())!)
    await town().settle()
    expect((await attacker.openTicket(ticket)).status).toBe(404)
    expect(await read(attacker)).toBe(403)
  })

  test('with unionids it is refused before anybody is asked', async () => {
    const { people, settle } = town()
    const [attacker, victim] = [await people.arrive(), await people.arrive()]
    await attacker.signIn()
    await victim.say((await attacker.code()).bindCode)
    await settle()
    expect(findTicket(await victim.chat())).toBeUndefined()
    expect(await attacker.status()).toMatchObject({ state: 'refused', reason: 'unionid_mismatch' })
  })
})

describe("G3 phone claim: somebody claims a stranger's phone and waits for the salesperson", () => {
  test('the claimer gets nothing, and the real customer is not locked out', async () => {
    const { people, settle } = town()
    const attacker = await arrive()
    const victim = await people.arrive({ unionid: false })
    await people.load('SO-V', victim.phone)
    expect((await claim(attacker, victim.phone)).status).toBe(200)
    await people.add('zhangsan', victim.phone)
    await settle()
    expect(await attacker.me()).toMatchObject({ canQuery: false })
    expect(await read(attacker)).toBe(403)
    expect((await askStatus(attacker, victim.phone)).body.data).toMatchObject({ status: 'pending' })
    expect((await askRight(attacker, victim.phone)).body.data).toMatchObject({ canQuery: false })

    await victim.signIn()
    await bind(victim)
    expect(await read(victim)).toEqual(['SO-V'])
    expect(await read(attacker)).toBe(403)
    expect((await askRight(attacker, victim.phone)).body.data.canQuery).toBe(false)
  })

  test('a second claimant gets the same answer as the first, whether the phone is known or not', async () => {
    const customer = await welcome('SO-K')
    const answers = []
    for (const phone of [customer.phone, inventPhone()]) {
      for (let one = 0; one < 2; one += 1) {
        const { status, body } = await claim(await arrive(), phone)
        answers.push({
          status,
          message: body.message,
          keys: Object.keys(body.data),
          success: body.success,
        })
      }
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await read(customer)).toEqual(['SO-K'])
  })
})

describe('G4 stale digits: a late message meets the code of somebody else', () => {
  test.each([
    ['before the code was shown', -60],
    ['long after its end', 6 * 60],
  ])('digits sent %s do not use it, and are no wrong try', async (_, seconds) => {
    const { control, settle, db } = town()
    const customer = await arrive()
    const { bindCode } = await customer.code()
    await control.post('/_sandbox/clock', { advanceSeconds: seconds })
    await customer.say(bindCode)
    await settle()
    await control.post('/_sandbox/clock', { advanceSeconds: -seconds })
    expect(botTexts(await customer.chat())).toEqual([INVALID])
    expect(await db('pending_bindings')).toEqual([])
    expect(await db('code_tries')).toEqual([])
  })

  test('digits that reach us more than 15 minutes late are not answered and not counted', async () => {
    const { control, settle, db } = town()
    const customer = await arrive()
    await control.post('/_sandbox/clock', { advanceSeconds: -16 * 60 })
    await customer.say('123456')
    await settle()
    await control.post('/_sandbox/clock', { advanceSeconds: 16 * 60 })
    expect(botTexts(await customer.chat())).toEqual([])
    expect(await db('code_tries')).toEqual([])
  })
})

describe('G5 forged callbacks and openids', () => {
  const pipe = createWecomCallback({
    corpId: known.corpId,
    pairs: [{ token: known.callbackToken, encodingAesKey: known.callbackAesKey }],
  })
  const added = (externalUserid: string): string =>
    `<xml><ToUserName><![CDATA[${known.corpId}]]></ToUserName><CreateTime>${String(Math.floor(Date.now() / 1000))}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType><UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[${externalUserid}]]></ExternalUserID></xml>`
  const seal = (xml: string, at = Math.floor(Date.now() / 1000)) =>
    pipe.seal(xml, { timestamp: String(at), nonce: 'n1' })
  async function deliver({ query, body }: ReturnType<typeof seal>): Promise<number> {
    const response = await fetch(
      `${town().address}/api/wework/callback?${new URLSearchParams(query).toString()}`,
      { method: 'POST', body, headers: { 'content-type': 'text/xml' } },
    )
    await response.arrayBuffer()
    return response.status
  }

  test('without the key, or too old, an event is refused and nothing of it is kept', async () => {
    const { db } = town()
    const sealed = seal(added('wmNobody'))
    expect(
      await deliver({ ...sealed, query: { ...sealed.query, msg_signature: '0'.repeat(40) } }),
    ).toBe(401)
    expect(await deliver(seal(added('wmNobody'), Math.floor(Date.now() / 1000) - 301))).toBe(401)
    expect(await db('callback_inbox')).toEqual([])
  })

  test('a captured event that is sent again is kept once, and an event is only a reason to ask WeCom', async () => {
    const { db, settle } = town()
    const customer = await arrive()
    await town().people.load('SO-F', customer.phone)
    await bind(customer)
    const before = await db('callback_inbox').count()
    const sealed = seal(added(customer.externalUserid))
    expect([await deliver(sealed), await deliver(sealed)]).toEqual([200, 200])
    await settle()
    expect(
      Number((await db('callback_inbox').count())[0]!['count']) - Number(before[0]!['count']),
    ).toBe(1)
    expect(await read(customer)).toBe(403)
  })

  test('an openid in a body, a query or a header is nobody: the session says who asks', async () => {
    const { server, db } = town()
    const victim = await welcome('SO-V')
    const attacker = await arrive()
    const { openid } = victim
    expect(
      (await server.post('/api/binding/code', { openid, wechatOpenid: openid }, attacker.token))
        .status,
    ).toBe(200)
    expect((await claim(attacker, inventPhone(), { wechatOpenid: openid, openid })).status).toBe(
      200,
    )
    expect(await db('temp_bindings').pluck('wechat_openid')).toEqual([attacker.openid])
    expect(
      (
        await server.send('GET', `/api/projects/my?openid=${openid}`, {
          token: attacker.token,
          headers: { 'x-openid': openid, 'x-wx-openid': openid },
        })
      ).status,
    ).toBe(403)
    expect((await server.get('/api/me', attacker.token)).body.data.openid).toBe(attacker.openid)
    expect(
      (await server.send('DELETE', '/api/binding', { token: attacker.token, body: { openid } }))
        .status,
    ).toBe(409)
    expect(await read(victim)).toEqual(['SO-V'])
  })
})

describe('G6 insider: a member notes another number for a contact', () => {
  test('a remark mobile that is edited later never relinks: the permission stays as it was, and a review opens', async () => {
    const { people, control, settle, db } = town()
    const customer = await welcome('SO-MINE')
    const stranger = await people.arrive()
    await people.load('SO-OTHER', stranger.phone)
    await control.post('/_sandbox/members/zhangsan/edit', {
      phone: customer.phone,
      remark: '老客户',
      mobiles: [stranger.phone],
    })
    await settle()
    expect(await read(customer)).toEqual(['SO-MINE'])
    expect(await db('reviews').select('kind', 'member_userid', 'closed_at')).toEqual([
      { kind: 'phone_changed', member_userid: 'zhangsan', closed_at: null },
    ])
  })

  test('a contact who is added with the number of somebody else in the remark does not get his projects', async () => {
    const { people, settle, db } = town()
    const victim = await welcome('SO-V')
    const accomplice = await arrive()
    await bind(accomplice)
    await people.add('lisi', accomplice.phone, { remarkMobiles: [victim.phone] })
    await settle()
    expect(await read(accomplice)).toBe(403)
    expect(await read(victim)).toEqual(['SO-V'])
    expect(await db('reviews').pluck('kind')).toEqual(['phone_proven_for_other_contact'])
  })
})

describe('G7 eviction: a second binding pushes out the first', () => {
  test('neither another account nor another contact takes a side that is tied; both are told how to 解绑', async () => {
    const { settle } = town()
    const owner = await welcome('SO-O')
    const [account, contact] = [await arrive(), await arrive()]
    await owner.say((await account.code()).bindCode)
    await settle()
    expect(await account.status()).toMatchObject({
      state: 'refused',
      reason: 'contact_taken',
      text: expect.stringContaining('解绑'),
    })
    expect(botTexts(await owner.chat()).at(-1)).toContain('解绑')

    town().clock.advance(40_000)
    const { bindCode } = await owner.code()
    town().clock.advance(-40_000)
    await town().control.post('/_sandbox/clock', { advanceSeconds: 40 })
    await contact.say(bindCode)
    await settle()
    await town().control.post('/_sandbox/clock', { advanceSeconds: -40 })
    expect(botTexts(await contact.chat()).at(-1)).toContain('已经和另一位联系人绑定')
    expect(await owner.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    expect(await read(owner)).toEqual(['SO-O'])
  })
})

test('G8 leaks: neither the database nor the log holds a code, a nonce, a ticket, a session or a key in plain', async () => {
  const { db, lines, house, settle } = town()
  const customer = await arrive()
  const { bindCode, kfUrl } = await customer.code()
  await customer.say(bindCode)
  await settle()
  const ticket = findTicket(await customer.chat())!
  const key = await house.access.createKey({ name: 'leak', scope: 'service', expiresAt: null })
  const secrets = {
    ticket,
    key,
    nonce: new URL(kfUrl).searchParams.get('scene_param')!,
    session: customer.token,
    code: bindCode,
  }
  const { rows: tables } = await db.raw<{ rows: { schemaname: string; tablename: string }[] }>(
    `select schemaname, tablename from pg_tables where schemaname in ('public', 'graphile_worker') and tablename <> 'access_tokens'`,
  )
  const kept: string[] = []
  for (const { schemaname, tablename } of tables) {
    const { rows } = await db.raw<{ rows: { row: string }[] }>(
      'select to_jsonb(kept)::text as row from ??.?? as kept',
      [schemaname, tablename],
    )
    kept.push(...rows.map(({ row }) => row))
  }
  expect(kept.some((row) => row.includes(customer.openid))).toBe(true) // so the look finds what is there
  for (const [what, secret] of Object.entries(secrets)) {
    const alone = new RegExp(`(?<![\\w.])${secret}(?!\\w)`)
    expect([what, [...kept, ...lines].filter((text) => alone.test(text))]).toEqual([what, []])
  }
})

describe('phone claims', () => {
  const refused = (code: string) => ({ status: 429, body: { error: { code } } })

  test('a claim lives 48 hours, tells only about itself, and its phone is masked when it is over', async () => {
    const { clock, db } = town()
    const customer = await arrive()
    const phone = inventPhone()
    const { body } = await claim(customer, phone)
    expect((Date.parse(body.data.expiresAt) - Date.now()) / HOUR).toBeCloseTo(48, 1)
    expect((await askStatus(customer, phone)).body.data).toMatchObject({
      status: 'pending',
      message: '等待企业微信员工添加',
      expiresAt: body.data.expiresAt,
    })
    clock.advance(48 * HOUR + 1_000)
    await customer.signIn()
    expect((await askStatus(customer, phone)).body.data).toMatchObject({ status: 'expired' })
    expect((await claim(customer, phone)).body.data.tempBindingId).not.toBe(body.data.tempBindingId)
    clock.advance(-(48 * HOUR + 1_000))
    expect(await db('temp_bindings').orderBy('id').first('status', 'phone_number')).toEqual({
      status: 'expired',
      phone_number: `${phone.slice(0, 3)}****${phone.slice(-4)}`,
    })
  })

  test('one a minute, five a day; the same phone again is the same claim', async () => {
    const { clock } = town()
    const customer = await arrive()
    const phones = Array.from({ length: 6 }, inventPhone)
    const first = await claim(customer, phones[0]!)
    expect((await claim(customer, phones[0]!)).body.data).toEqual(first.body.data)
    const soon = await claim(customer, phones[1]!)
    expect(soon).toMatchObject(refused('binding.claim_too_soon'))
    expect(Number(soon.headers.get('retry-after'))).toBeGreaterThan(50)
    for (const phone of phones.slice(1, 5)) {
      clock.advance(61_000)
      expect((await claim(customer, phone)).status).toBe(200)
    }
    clock.advance(61_000)
    const sixth = await claim(customer, phones[5]!)
    clock.advance(-5 * 61_000)
    expect(sixth).toMatchObject(refused('binding.claim_too_soon'))
    expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(23 * 3_600)
  })

  test("a customer asks about his own phones; anybody else's is 404, known or not", async () => {
    const owner = await welcome('SO-OWN')
    const stranger = await arrive()
    expect((await askStatus(owner, owner.phone)).body.data).toMatchObject({ status: 'bound' })
    expect((await askRight(owner, owner.phone)).body.data).toMatchObject({ canQuery: true })
    for (const phone of [owner.phone, inventPhone()]) {
      for (const ask of [askStatus, askRight])
        expect(await ask(stranger, phone)).toMatchObject({
          status: 404,
          body: { error: { code: 'binding.phone_unknown' } },
        })
    }
  })

  test('a service key speaks for an official-account openid, loads orders, and opens nothing else', async () => {
    const { house, server, db } = town()
    const key = await house.access.createKey({
      name: 'official-account',
      scope: 'service',
      expiresAt: null,
    })
    const over = await house.access.createKey({
      name: 'ended',
      scope: 'service',
      expiresAt: new Date(Date.now() - 1_000),
    })
    const phoneNumber = inventPhone()
    const body = { phoneNumber, wechatOpenid: 'oOfficial_0001' }
    expect((await server.post('/api/binding/temp', body, key)).status).toBe(200)
    expect(await db('temp_bindings').first('wechat_openid')).toEqual({
      wechat_openid: 'oOfficial_0001',
    })
    expect(await server.post('/api/binding/temp', { phoneNumber }, key)).toMatchObject({
      status: 400,
      body: { error: { code: 'request.invalid' } },
    })
    expect((await server.post('/api/binding/temp', body, over)).status).toBe(401)
    expect((await server.post('/api/binding/temp', body)).status).toBe(401)
    for (const path of [`/api/customer/can-query/${phoneNumber}`, '/api/me', '/api/projects/my'])
      expect(await server.get(path, key)).toMatchObject({
        status: 403,
        body: { error: { code: 'key.forbidden' } },
      })
    const order = { title: 'x', customerPhone: phoneNumber }
    expect((await server.put('/api/admin/projects/SO-X', order, key)).status).toBe(200)
    expect((await server.put('/api/admin/projects/SO-X', order, over)).status).toBe(401)
    expect((await server.get('/api/admin/settings', key)).status).toBe(403)
    expect((await server.put('/api/admin/settings', { freshDays: 1 }, key)).status).toBe(403)
  })
})

describe('general limits', () => {
  const flooded = useTown()

  test('ten reads a second are never refused; a flood gets 429 and Retry-After, and nobody else does', async () => {
    const { people, server, clock } = flooded()
    const [customer, other] = [await people.arrive(), await people.arrive()]
    await customer.signIn()
    await other.signIn()
    const statuses = async (count: number) =>
      (
        await Promise.all(
          Array.from({ length: count }, () => server.get('/api/me', customer.token)),
        )
      ).map(({ status }) => status)
    await clock.stopFor(async () => {
      for (let second = 0; second < 20; second += 1) {
        expect(new Set(await statuses(10))).toEqual(new Set([200]))
        clock.advance(1_000)
      }
      expect((await statuses(301)).filter((status) => status === 429)).toHaveLength(1)
      const refusal = await server.get('/api/me', customer.token)
      expect(refusal).toMatchObject({
        status: 429,
        body: {
          error: { code: 'request.too_many' },
          message: expect.stringMatching(/[\u4e00-\u9fff]/),
        },
      })
      expect(refusal.headers.get('retry-after')).toBe('10')
      expect((await server.get('/api/me', other.token)).status).toBe(200)
    })
  })

  test('60 sign-ins a minute from one address are never refused, a flood is', async () => {
    const { server, clock } = flooded()
    const signIn = async () => (await server.post('/api/wechat/openid', { code: 'made-up' })).status
    await clock.stopFor(async () => {
      clock.advance(60_000)
      for (let minute = 0; minute < 2; minute += 1) {
        for (let one = 0; one < 60; one += 1) expect(await signIn()).toBe(400)
        clock.advance(60_000)
      }
      const tried: number[] = []
      for (let one = 0; one < 140; one += 1) tried.push(await signIn())
      expect(tried.slice(0, 60)).not.toContain(429)
      expect(tried.at(-1)).toBe(429)
    })
  })
})
