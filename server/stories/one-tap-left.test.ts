import { describe, expect, test } from '@jest/globals'
import {
  botTexts,
  findDeny,
  findTicket,
  inventPhone,
  type Person,
} from '../../scripts/play/people.ts'
import { maskPhone as masked } from '../../shared/phone.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'

const town = useTown(OFFICIAL)
type Letter = { type: string; text?: string; miniprogramPath?: string }

const lettersOf = async (customer: Person): Promise<Letter[]> =>
  (await customer.inbox()) as Letter[]
async function cardOf(customer: Person): Promise<string> {
  const path = (await lettersOf(customer)).findLast(
    ({ miniprogramPath }) => miniprogramPath,
  )!.miniprogramPath!
  return new URLSearchParams(path.split('?')[1]).get('ticket')!
}
const state = (customer: Person, phoneNumber = customer.phone) =>
  town().server.post('/api/binding/temp', { phoneNumber }, customer.token)
const look = async (customer: Person, ticket: string) =>
  (await town().server.post('/api/binding/ticket/look', { ticket }, customer.token)).body.data

/** Without unionid; stated his phone to the official account, was found by it, and has opened the card in the mini-program. */
async function opened(): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive({ unionid: false })
  await people.load('SO-1', customer.phone)
  await customer.writeOfficial(customer.phone)
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  expect((await customer.openTicket(await cardOf(customer))).body.data).toMatchObject({
    state: 'awaiting_confirmation',
    reason: 'card_opened',
  })
  await settle()
  return customer
}

describe('a welcome card whose opener has stated no phone here', () => {
  test('the page and the home say: the phone, or a word in the chat; never a code', async () => {
    const customer = await opened()
    const status = await customer.status()
    expect(status).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'card_opened',
      text: expect.stringMatching(/填写您的手机号.*任意一句话/),
    })
    expect(status.text).not.toContain('绑定码')
    expect(await customer.me()).toMatchObject({
      bindingStatus: 'unbound',
      nextStep: 'confirm',
      nextStepText: status.text,
      support: { kfUrl: expect.stringContaining('http') },
    })
  })

  test('the same phone binds at once, what was open ends quietly, and a greeting later is only a greeting', async () => {
    const customer = await opened()
    const { settle, db } = town()
    await state(customer)
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    expect(await db('pending_bindings').pluck('state')).toEqual(['bound'])
    await customer.say('你好')
    await settle()
    expect(findTicket(await customer.chat())).toBeUndefined()
    expect(JSON.stringify(await customer.chat())).not.toContain('申请绑定了吗')
  })

  test('another phone does not bind; the page then leads to the chat', async () => {
    const customer = await opened()
    await state(customer, inventPhone())
    await town().settle()
    expect(await customer.status()).toMatchObject({
      reason: 'card_opened',
      text: expect.stringContaining('已收到您的手机号'),
    })
    expect(await customer.me()).toMatchObject({ bindingStatus: 'partial', canQuery: false })
  })

  test('a word in the chat brings the item to tap, which speaks of a card', async () => {
    const customer = await opened()
    const { settle } = town()
    await customer.say('你好')
    await settle()
    const said = botTexts(await customer.chat()).join()
    expect(said).toContain('顾问发给您的卡片已被打开')
    expect(said).not.toContain('绑定码')
    expect(await customer.status()).toMatchObject({
      reason: 'awaiting_tap',
      text: expect.stringContaining('点一下'),
    })
    await customer.openTicket(findTicket(await customer.chat())!)
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    expect(botTexts(await customer.chat()).join()).toContain('您现在就可以在小程序里查看项目进度')
  })

  test('coming into the chat by the button of the page brings it too', async () => {
    const customer = await opened()
    await customer.enter((await customer.me()).support.kfUrl)
    await town().settle()
    expect(findTicket(await customer.chat())).toBeDefined()
  })

  test('不是我 answers without a word about codes', async () => {
    const customer = await opened()
    const { settle } = town()
    await customer.say('你好')
    await settle()
    await customer.tap(findDeny(await customer.chat())!)
    await settle()
    const last = botTexts(await customer.chat()).at(-1)
    expect(last).toContain('已取消')
    expect(last).not.toContain('绑定码')
  })

  test('what was begun with a forwarded card ends when its addressee is bound', async () => {
    const { people, settle, db } = town()
    const [customer, other] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await people.add('zhangsan', customer.phone)
    await settle()
    await other.signIn()
    await other.openTicket(await cardOf(customer))
    await settle()
    await customer.signIn()
    expect(
      (
        await town().server.post(
          '/api/wework/manual-bind',
          {
            customerPhone: customer.phone,
            wechatOpenid: customer.openid,
            weworkUserid: customer.externalUserid,
            operatorUserid: 'zhangsan',
            reason: '当面核实',
          },
          ADMIN_KEY,
        )
      ).status,
    ).toBe(200)
    await settle()
    expect(await db('pending_bindings').pluck('state')).not.toContain('open')
    await customer.say('你好')
    await settle()
    expect(findTicket(await customer.chat())).toBeUndefined()
    expect(await other.status()).toMatchObject({ state: 'none' })
  })

  test('a new code may be asked for meanwhile, and stays in sight', async () => {
    const customer = await opened()
    await customer.code()
    expect(await customer.status()).toMatchObject({ state: 'code_live' })
  })
})

describe('who has stated a phone and is not known yet (D2, D16)', () => {
  test('is partial, and reads the same before and after he was added', async () => {
    const { people, settle } = town()
    const [customer, stranger] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'unbound', nextStep: 'get_code' })
    await stranger.signIn()
    await state(customer)
    await state(stranger, customer.phone)
    const before = await customer.me()
    expect(before).toMatchObject({
      bindingStatus: 'partial',
      canQuery: false,
      nextStep: 'get_code',
      nextStepText: expect.stringMatching(/已收到您的手机号.*打开客服聊天.*卡片/),
    })
    // When each stated it is his own to know.
    const { openid, claim } = before
    expect({ ...(await stranger.me()), openid, claim }).toEqual(before)
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await customer.me()).toEqual(before)
    expect({ ...(await stranger.me()), openid, claim }).toEqual(before)
  })

  test('a claim that is over is one side no more', async () => {
    const { people, db } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await state(customer)
    await db('temp_bindings').update({ expires_at: new Date(Date.now() - 1000) })
    expect(await customer.me()).toMatchObject({
      bindingStatus: 'unbound',
      nextStep: 'get_code',
      nextStepText: expect.stringContaining('请打开客服聊天'),
    })
  })
})

describe('words that are true (A6, A10)', () => {
  test.each([
    ['a phone search', {}],
    ['a scan', { addWay: 1 }],
  ])('the welcome after %s promises nothing', async (_, how) => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await people.add('zhangsan', customer.phone, how)
    await settle()
    const words = (await lettersOf(customer)).map(({ text }) => text ?? '').join()
    expect(words).toContain('如果小程序里还看不到')
    expect(words).not.toMatch(/就可以查看|随时查看/)
  })

  test.each([
    ['by a QR code', { addWay: 1 }, 'added_otherwise'],
    ['as the customer searched him', { initiatedBy: 'customer' }, 'customer_searched'],
  ])('bound, and added %s: he is told what to ask for, and out of it', async (_, how, code) => {
    const { people, settle, server } = town()
    const customer = await people.arrive()
    await people.load('SO-QR', customer.phone)
    await bindByCode(town(), customer)
    expect(await customer.me()).toMatchObject({ nextStep: 'state_phone' })
    await people.add('zhangsan', customer.phone, how)
    await settle()
    const stuck = {
      bindingStatus: 'bound',
      canQuery: false,
      nextStep: 'ask_advisor',
      nextStepText: expect.stringContaining('顾问需要用手机号搜索，重新添加您'),
      advisor: { userid: 'zhangsan' },
      why: { code },
    }
    expect(await customer.me()).toMatchObject(stuck)
    // What cannot help changes nothing of it.
    await state(customer)
    await settle()
    expect(await customer.me()).toMatchObject({
      ...stuck,
      claim: { phoneMasked: masked(customer.phone) },
    })
    const { nextStepText } = await customer.me()
    expect((await customer.status()).text).toBe(nextStepText)
    await customer.say('进度')
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toBe(`${nextStepText}。`)
    const { data } = (await server.get(`/api/customer/can-query/${customer.phone}`, customer.token))
      .body
    expect(data).toEqual({ canQuery: false, message: expect.any(String) })

    await people.remove('zhangsan', { phone: customer.phone })
    await settle()
    expect(await customer.me()).toMatchObject({ nextStep: 'wait_for_advisor' })
    await new Promise((resolve) => setTimeout(resolve, 1_000)) // nobody deletes and searches within one second
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await customer.me()).toMatchObject({ canQuery: true, nextStep: 'view_projects' })
    expect((await customer.projects()).body.data.items).toMatchObject([{ orderNo: 'SO-QR' }])
  })

  test('bound, and the remark is empty: the number, not another add', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await bindByCode(town(), customer)
    await people.add('zhangsan', customer.phone, { remarkMobile: 'empty' })
    await settle()
    expect(await customer.me()).toMatchObject({
      nextStep: 'ask_advisor',
      nextStepText: expect.stringContaining('顾问会填写在您的客户资料里'),
      why: { code: 'phone_missing' },
    })
  })

  test('bound again by a link after an admin ended it: the chat says what the page says', async () => {
    const { people, settle, server } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    const { body } = await server.get(`/api/admin/customers?phone=${customer.phone}`, ADMIN_KEY)
    await server.post(
      `/api/admin/customers/${String(body.data.items[0].id)}/unbind`,
      { reason: '客户换人', operatorUserid: 'zhangsan' },
      ADMIN_KEY,
    )
    await settle()
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ canQuery: false })
    await customer.enter((await customer.code()).kfUrl)
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    const said = botTexts(await customer.chat()).join()
    expect(said).toContain('您现在就可以在小程序里查看项目进度')
    expect(said).not.toContain('还差您的手机号')
  })
})

describe('whose card it is', () => {
  test('the page is told the name of the advisor, and nothing when he has left', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive({ unionid: false })
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    const ticket = await cardOf(customer)
    const [member] = await db('members').where({ userid: 'zhangsan' })
    expect(member.name).toBeTruthy()
    expect(await look(customer, ticket)).toEqual({ kind: 'welcome', advisorName: member.name })
    await db('members').where({ userid: 'zhangsan' }).update({ standing: 'gone' })
    expect(await look(customer, ticket)).toEqual({ kind: 'welcome' })
  })
})
