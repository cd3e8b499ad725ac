import { describe, expect, test } from '@jest/globals'
import { botTexts, findTicket } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { OFFICIAL, useTown } from '../test/town.ts'

/** What customers write in passing reaches the bot, and what it says arrives whole (D8, D24). */
const town = useTown(OFFICIAL)

describe('a code in passing', () => {
  test.each([
    ['before it', (code: string) => `验证码${code}`],
    ['around it', (code: string) => `您好，我的验证码是${code}，谢谢您！`],
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
    expect(await customer.writeOfficial('\u202d查\u0002进度\u202c')).toBe('请先联系销售人员添加您')
  })

  test('解绑 asks whether to, in the chat', async () => {
    const customer = await town().people.arrive({ unionid: false })
    await bindByCode(town(), customer)
    await customer.say('解\u200b绑')
    await town().settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('确定要解除吗')
  })
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
