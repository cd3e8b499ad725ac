import { describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown({ BINDING_PHONE_BUTTON: 'true' })
const trusting = useTown({ BINDING_TRUST_PHONE_CLAIM: 'true' })

async function press(customer: Person, code?: string) {
  const { control, server } = town()
  const issued =
    code ??
    (
      (await control.post(`/_sandbox/people/${customer.personId}/phone-code`)).body as {
        code: string
      }
    ).code
  return server.post('/api/binding/phone-button', { code: issued }, customer.token)
}

test('a contact that staff added by whatever way is a customer of whom one side is known (D2)', async () => {
  const { people, settle, db } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone, { addWay: 1 })
  await settle()
  expect(await db('customers').select('wework_userid', 'binding_status')).toEqual([
    { wework_userid: customer.externalUserid, binding_status: 'partial' },
  ])
})

describe('the phone that WeChat gives (E8)', () => {
  test.each([['before', true], ['after']])(
    'binds without code or tap when the salesperson searched the same phone, pressed %s the add',
    async (_, first = false) => {
      const { people, settle } = town()
      const customer = await people.arrive({ unionid: false })
      await people.load('SO-E8', customer.phone)
      await customer.signIn()
      if (first) expect((await press(customer)).status).toBe(200)
      await people.add('zhangsan', customer.phone)
      await settle()
      if (!first) expect((await press(customer)).status).toBe(200)
      await settle()
      expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
      expect((await customer.projects()).body.data.items).toHaveLength(1)
    },
  )

  test('a code of somebody else, a used code and a made-up code are refused', async () => {
    const { people, control } = town()
    const [customer, other] = [await people.arrive(), await people.arrive()]
    await customer.signIn()
    const { code } = (await control.post(`/_sandbox/people/${other.personId}/phone-code`)).body as {
      code: string
    }
    const refused = { status: 400, body: { error: { code: 'binding.phone_code_invalid' } } }
    expect(await press(customer, code)).toMatchObject(refused)
    expect(await press(customer, 'made-up')).toMatchObject(refused)
  })

  test('a number of another country is refused with a word of what to do instead', async () => {
    const { people, control, settle, db } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await people.add('zhangsan', customer.phone)
    // With the digits of a mainland number: without its country it would be that of somebody else.
    const { body } = await control.post(`/_sandbox/people/${customer.personId}/phone-code`, {
      countryCode: '49',
    })
    expect(await press(customer, (body as { code: string }).code)).toMatchObject({
      status: 400,
      body: {
        error: { code: 'binding.phone_foreign' },
        message: expect.stringContaining('打开客服聊天'),
      },
    })
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'unbound', canQuery: false })
    expect(await db('evidence').where({ kind: 'phone_button' })).toEqual([])
  })
})

describe('a number that changes hands between two proofs (D14)', () => {
  const DAY_SECONDS = 86_400

  test('the phone that WeChat gave two years ago does not bind to the new owner of that number', async () => {
    const { people, settle, clock } = town()
    const former = await people.arrive({ unionid: false, name: '前机主' })
    clock.advance(-730 * DAY_SECONDS * 1_000)
    await former.signIn()
    expect((await press(former)).status).toBe(200)
    clock.advance(730 * DAY_SECONDS * 1_000)
    const owner = await people.arrive({ unionid: false, name: '新机主' })
    await people.load('SO-NEW-OWNER', former.phone)
    await people.add('lisi', owner.phone, { remarkMobiles: [former.phone] })
    await settle()
    await former.signIn()
    expect((await former.projects()).status).toBe(403)
  })

  test('nor does the one that it gave lately to who had bound himself to nobody, once the number was handed over', async () => {
    const { people, settle, server } = town()
    const [former, owner] = [
      await people.arrive({ unionid: false, name: '前机主' }),
      await people.arrive({ unionid: false, name: '新机主' }),
    ]
    await people.load('SO-FORMER', former.phone)
    await former.signIn()
    expect((await press(former)).status).toBe(200)
    const hand = { phone: former.phone, since: new Date().toISOString(), reason: '客户来电' }
    expect((await server.post('/api/admin/phones/hand-over', hand, ADMIN_KEY)).status).toBe(200)
    await people.load('SO-NEW-OWNER', former.phone)
    await people.add('lisi', owner.phone, { remarkMobiles: [former.phone] })
    await settle()
    await former.signIn()
    expect((await former.projects()).status).toBe(403)
  })

  test.each([
    [91, 'does not bind to that contact: the number may have a new owner', false],
    [89, 'binds to it: nobody else can have the number yet', true],
  ])(
    'the button, pressed %i days after a member added somebody who never bound, %s',
    async (passed, _, binds) => {
      const { people, settle, db, control, server } = town()
      const [former, owner] = [
        await people.arrive({ unionid: false, name: '前机主' }),
        await people.arrive({ unionid: false, name: '新机主' }),
      ]
      await people.load('SO-FORMER', owner.phone)
      expect(
        (await server.put('/api/admin/settings', { goLiveAt: new Date().toISOString() }, ADMIN_KEY))
          .status,
      ).toBe(200)
      await control.post('/_sandbox/clock', { advanceSeconds: -passed * DAY_SECONDS }) // a follow has the platform's time
      await people.add('zhangsan', former.phone, { remarkMobiles: [owner.phone] })
      await control.post('/_sandbox/clock', { advanceSeconds: passed * DAY_SECONDS })
      await settle()
      expect(
        await db('evidence')
          .where({ kind: 'phone_search', external_userid: former.externalUserid })
          .whereNull('revoked_at'),
      ).toHaveLength(1)
      await owner.signIn()
      expect((await press(owner)).status).toBe(200)
      await settle()
      expect(await owner.me()).toMatchObject({
        bindingStatus: binds ? 'bound' : 'unbound',
        canQuery: binds,
      })
      expect(await db('customer_accounts')).toHaveLength(binds ? 1 : 0)
      expect((await owner.projects()).status).toBe(binds ? 200 : 403)
    },
  )
})

test('switched off, the button is not there', async () => {
  const { people, server } = trusting()
  const customer = await people.arrive()
  await customer.signIn()
  expect(
    await server.post('/api/binding/phone-button', { code: 'x' }, customer.token),
  ).toMatchObject({ status: 404, body: { error: { code: 'binding.phone_button_off' } } })
})

describe('claims, in both settings (D1)', () => {
  const claim = (at: ReturnType<typeof town>, customer: Person) =>
    at.server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token)

  test('by default a claim and a phone search do not bind: the account is not proven', async () => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    expect(await claim(town(), customer)).toMatchObject({
      status: 200,
      body: {
        data: { tempBindingId: expect.any(Number) },
        message: '已收到您的信息，请联系我们的销售人员',
      },
    })
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'partial', canQuery: false })
  })

  test.each([['before', true], ['after']])(
    'a company that trusts claims binds by them, claimed %s the add',
    async (_, first = false) => {
      const { people, settle, db } = trusting()
      const customer = await people.arrive({ unionid: false })
      await customer.signIn()
      if (first) await claim(trusting(), customer)
      await people.add('zhangsan', customer.phone)
      await settle()
      if (!first) await claim(trusting(), customer)
      await settle()
      expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
      expect(await db('temp_bindings')).toMatchObject([
        {
          status: 'bound',
          phone_number: `${customer.phone.slice(0, 3)}****${customer.phone.slice(-4)}`,
        },
      ])
    },
  )

  test('even then, two claimants on one phone bind neither', async () => {
    const { people, settle, server, db } = trusting()
    const [customer, stranger] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await customer.signIn()
    await stranger.signIn()
    const own = await claim(trusting(), customer)
    const foreign = await server.post(
      '/api/binding/temp',
      { phoneNumber: customer.phone },
      stranger.token,
    )
    expect(Object.keys(foreign.body.data)).toEqual(Object.keys(own.body.data))
    await people.add('zhangsan', customer.phone)
    await settle()
    for (const one of [customer, stranger])
      expect(await one.me()).toMatchObject({ bindingStatus: 'partial', canQuery: false })
    expect(await db('temp_bindings').whereNotNull('contested_at')).toHaveLength(2)
  })
})
