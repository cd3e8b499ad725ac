import { describe, expect, test } from '@jest/globals'
import { botTexts, findTicket } from '../../scripts/play/people.ts'
import { NOT_ADDED } from '../features/official-account/official-account.texts.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { addJob } from '../test/job-desk.ts'
import { OFFICIAL, useTown } from '../test/town.ts'

/** What customers write in passing reaches the bot, and what it says arrives whole (D8, D24). */
const town = useTown(OFFICIAL)
const INVALID = '验证码无效或已过期，请回小程序换一个'

describe('a code in passing', () => {
  test.each([
    ['before it', (code: string) => `绑定码${code}`],
    ['around it', (code: string) => `您好，我的绑定码是${code}，谢谢您！`],
    ['behind it', (code: string) => `${code} 谢谢`],
    ['that nobody sees', (code: string) => `\u202d${code.slice(0, 3)}\u200b${code.slice(3)}\u202c`],
    [
      'of another width',
      (code: string) =>
        [...code].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join(' '),
    ],
  ])('binds with words %s, and no human is bothered', async (_, write) => {
    const { people, settle, db } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await customer.say(write((await customer.code()).bindCode))
    await settle()
    await customer.openTicket(findTicket(await customer.chat())!)
    expect(await customer.status()).toMatchObject({ state: 'bound' })
    expect(await db('kf_messages').where({ origin: 'customer' }).pluck('outcome')).toEqual([
      'claimed',
    ])
  })

  test.each(['邮编310000', '2026-03-15', '310000 杭州', '123456或654321'])(
    '%s is no try and goes to a human',
    async (text) => {
      const { people, settle, db } = town()
      const customer = await people.arrive()
      await customer.say(text)
      await settle()
      expect(await db('kf_messages').where({ origin: 'customer' }).pluck('outcome')).toEqual([
        'handed_over',
      ])
      expect(await db('code_tries')).toEqual([])
    },
  )

  test('after the link has done it, is answered with the card above it and is no try', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    const { bindCode, kfUrl } = await customer.code()
    await customer.enter(kfUrl)
    await settle()
    expect(await customer.status()).toMatchObject({ reason: 'awaiting_tap' })
    await customer.say(bindCode)
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('请点上面的「打开小程序完成绑定」')
    expect(await db('code_tries')).toEqual([])
    await customer.openTicket(findTicket(await customer.chat())!)
    expect(await customer.status()).toMatchObject({ state: 'bound' })
    await customer.say(bindCode)
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('您已绑定')
  })

  test('is answered with the way on when the card was not tapped in time, and as any other from another chat', async () => {
    const { people, settle, clock, db } = town()
    const [customer, other] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await customer.signIn()
    const { bindCode, kfUrl } = await customer.code()
    await customer.enter(kfUrl)
    await settle()
    // Rings of long ago are refused: what they announced is pulled by the clock.
    clock.advance(11 * 60_000)
    for (const one of [customer, other]) await one.say(bindCode)
    await addJob(db, 'kf.catch-up')
    await settle()
    clock.advance(-11 * 60_000)
    expect(botTexts(await customer.chat()).at(-1)).toMatch(/已超时.*点「打开客服聊天」/)
    expect(botTexts(await other.chat()).at(-1)).toBe(INVALID)
  })

  test('sends the card that the link could not send', async () => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    const { bindCode, kfUrl } = await customer.code()
    await customer.enter(kfUrl.split('&scene_param')[0]!)
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toMatch(
      /点「打开客服聊天」.*没有看到卡片？发送.*绑定码/,
    )
    await customer.enter(kfUrl)
    await settle()
    expect(await customer.status()).toMatchObject({ reason: 'say_anything' })
    await customer.say(bindCode)
    await settle()
    expect(await customer.status()).toMatchObject({ reason: 'awaiting_tap' })
    expect(botTexts(await customer.chat()).at(-1)).toContain('申请绑定了吗')
  })

  test('may come before the link, and twice: one card is enough, and both point at it', async () => {
    const { people, settle } = town()
    const [customer, other] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await customer.signIn()
    const { bindCode, kfUrl } = await customer.code()
    await customer.say(bindCode)
    await settle()
    const ticket = findTicket(await customer.chat())!
    await customer.enter(kfUrl)
    await customer.say(bindCode)
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('请点上面的「打开小程序完成绑定」')
    // On another phone it is nobody's any more.
    await other.say(bindCode)
    await settle()
    expect(botTexts(await other.chat()).at(-1)).toBe(INVALID)
    await customer.openTicket(ticket)
    expect(await customer.status()).toMatchObject({ state: 'bound' })
  })

  test('of another account begins what that account asked for, and the first card is over', async () => {
    const { people, settle } = town()
    const [customer, other] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    for (const one of [customer, other]) await one.signIn()
    await customer.enter((await customer.code()).kfUrl)
    await settle()
    const first = findTicket(await customer.chat())!
    await customer.say((await other.code()).bindCode)
    await settle()
    expect(await customer.status()).toMatchObject({ state: 'expired', reason: 'superseded' })
    expect((await customer.openTicket(first)).status).toBe(404)
    expect(await other.status()).toMatchObject({ reason: 'awaiting_tap' })
  })

  test('after a link that bound at once, is told that it has done so', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await customer.signIn()
    const { bindCode, kfUrl } = await customer.code()
    await customer.enter(kfUrl)
    await settle()
    await customer.say(bindCode)
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('您已绑定')
  })
})

describe('with signs that nobody sees', () => {
  test('查进度 is answered, in both chats', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await customer.say('查\u0002进度\u200b')
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('您还没有绑定小程序')
    expect(await customer.writeOfficial('\u202d查\u0002进度\u202c')).toBe(NOT_ADDED)
  })

  test('解绑 asks whether to, in the chat', async () => {
    const customer = await town().people.arrive({ unionid: false })
    await bindByCode(town(), customer)
    await customer.say('解\u200b绑')
    await town().settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('确定要解除吗')
  })
})

test('订单 and 设备 are answered in both chats with what is his, and lead into the mini-program', async () => {
  const { people, settle } = town()
  const [customer, neighbour] = [await people.arrive(), await people.arrive()]
  const content = (name: string) => ({
    title: `${name}花园`,
    address: '西湖区 1 号',
    order: { amount: 186_000, 成本: 99_999 },
    equipment: [{ name: `${name}空调`, model: 'K1', warrantyUntil: '2030-03-01T16:00:00Z' }],
  })
  await people.load('SO-HIS', customer.phone, content('翠湖'))
  await people.load('SO-OTHER', neighbour.phone, content('别家'))
  for (const one of [customer, neighbour]) {
    await people.add('zhangsan', one.phone)
    await bindByCode(town(), one)
  }
  const ask = async (text: string) => {
    await customer.say(text)
    await settle()
    return [botTexts(await customer.chat()).at(-1)!, (await customer.writeOfficial(text))!]
  }
  for (const [text, says] of [
    [
      '我的订单',
      '您的订单：\n· 翠湖花园\n  订单号：SO-HIS\n  地址：西湖区 1 号\n  合同金额：¥186,000\n',
    ],
    ['设备档案', '您的设备档案：\n· 翠湖花园\n  翠湖空调（K1），保修至 2030-03-02\n'],
  ] as const) {
    const [inChat, inOfficial] = await ask(text)
    expect(inChat).toBe(`${says}详情请打开「进度通」小程序。`)
    expect(inOfficial).toMatch(
      new RegExp(`^${says}<a href="" data-miniprogram-appid="wx[^"]+" .*</a>$`),
    )
  }
  // What he may not see any more is not told in any words.
  await people.remove('zhangsan', { phone: customer.phone })
  await settle()
  for (const text of ['订单', '设备', '进度'])
    for (const said of await ask(text)) expect(said).not.toMatch(/翠湖|SO-|别家/)
})

test('titles of orders that are cut arrive without half an emoji, in both chats', async () => {
  const { people, settle } = town()
  const customer = await people.arrive()
  await customer.followOfficial()
  for (let order = 0; order < 6; order += 1) {
    const words = { title: `${'家'.repeat(29)}👨‍👩‍👧‍👦的别墅`, status: `${'进'.repeat(9)}🏗️行中` }
    await people.load(`SO-EMOJI-${String(order)}`, customer.phone, {
      ...words,
      order: { signedAt: new Date().toISOString() },
    })
  }
  await people.add('zhangsan', customer.phone)
  await bindByCode(town(), customer)
  await customer.say('进度')
  await settle()
  const line = `· ${'家'.repeat(29)}：${'进'.repeat(9)}`
  for (const text of [
    botTexts(await customer.chat()).at(-1)!,
    (await customer.writeOfficial('查询项目进度'))!,
  ]) {
    expect(text.split('\n').filter((one) => one.startsWith('·'))).toEqual(
      Array.from({ length: 5 }, () => line),
    )
  }
})
