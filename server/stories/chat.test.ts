import { describe, expect, test } from '@jest/globals'
import { botTexts, findDeny, findTicket, type Person } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { holdPeople, queued } from '../test/locks.ts'
import { useTown } from '../test/town.ts'
import { addJob, hurryJobs, listJobs, putOff, runJobsNow } from '../test/job-desk.ts'
import { waitFor } from '../test/wait.ts'

const town = useTown()

async function bound(options: { unionid?: boolean } = {}): Promise<Person> {
  const customer = await town().people.arrive(options)
  await bindByCode(town(), customer)
  return customer
}
const findItem = async (customer: Person, text: string): Promise<string> =>
  (await customer.chat()).flatMap(({ menu }) => menu ?? []).findLast((item) => item.text === text)!
    .id!

describe('the end of a binding (D10)', () => {
  test('in the mini-program: sessions end at once, and an equal unionid alone does not bind again', async () => {
    const { server, settle, people } = town()
    const customer = await bound()
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await server.delete('/api/binding', customer.token)).toMatchObject({
      status: 200,
      body: { data: { unbound: true }, message: '已解除绑定' },
    })
    expect((await server.get('/api/me', customer.token)).status).toBe(401)
    await customer.signIn()
    expect(await customer.me()).toMatchObject({
      bindingStatus: 'unbound',
      nextStep: 'get_code',
      canQuery: false,
    })
    expect(await server.delete('/api/binding', customer.token)).toMatchObject({
      status: 409,
      body: { error: { code: 'binding.not_bound' } },
    })
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('已解除绑定')
  })

  test('a new code of the customer binds again', async () => {
    const { server, settle, clock } = town()
    const customer = await bound()
    await server.delete('/api/binding', customer.token)
    await customer.signIn()
    clock.advance(31_000)
    const { bindCode } = await customer.code()
    clock.advance(-31_000)
    await settle()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    clock.advance(28_000)
    await customer.say(bindCode)
    await settle()
    clock.advance(-28_000)
    expect((await customer.status()).state).not.toBe('none')
  })

  test('解绑 in the chat asks first, 暂不解绑 keeps it, and 确认解绑 ends it', async () => {
    const { settle } = town()
    const customer = await bound()
    await customer.say('解绑')
    await settle()
    await customer.tap(await findItem(customer, '暂不解绑'))
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('绑定没有变化')
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
    await customer.tap(await findItem(customer, '确认解绑'))
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('已解除绑定')
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'unbound' })
    await customer.tap(await findItem(customer, '确认解绑'))
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('您还没有绑定小程序')
    expect(await town().db('kf_messages').orderBy('id').pluck('outcome')).toEqual(
      expect.arrayContaining(['asked', 'kept', 'unbound', 'not_bound']),
    )
  })

  test('解绑 of somebody who is not bound says so', async () => {
    const { people, settle } = town()
    const stranger = await people.arrive()
    await stranger.say('解绑')
    await settle()
    expect(botTexts(await stranger.chat())).toEqual([expect.stringContaining('您还没有绑定小程序')])
  })

  test('不是我 after the tap takes the binding back', async () => {
    const { settle } = town()
    const customer = await bound({ unionid: false })
    await customer.tap(findDeny(await customer.chat())!)
    await settle()
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'unbound' })
  })

  test('不是我 at the same moment as the tap is not he', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    const [ticket, deny] = [findTicket(await customer.chat())!, findDeny(await customer.chat())!]
    const release = await holdPeople(db, `contact:${customer.externalUserid}`)
    const tapped = customer.openTicket(ticket)
    await queued(db, 1)
    await customer.tap(deny)
    await queued(db, 2)
    await release()
    await tapped
    await settle()
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'unbound' })
  })

  describe('不是我 below an attempt that is over is answered with what is the case now', () => {
    const last = async (customer: Person) => botTexts(await customer.chat()).at(-1)
    /** Somebody talked into sending a stranger's code. */
    async function asked() {
      const { people, settle } = town()
      const [stranger, customer] = [
        await people.arrive({ unionid: false }),
        await people.arrive({ unionid: false }),
      ]
      await stranger.signIn()
      await customer.say((await stranger.code()).bindCode)
      await settle()
      return { customer, deny: findDeny(await customer.chat())! }
    }

    test('a second tap: nothing is bound', async () => {
      const { customer, deny } = await asked()
      await customer.tap(deny)
      await town().settle()
      expect(await last(customer)).toContain('已取消')
      await customer.tap(deny)
      await town().settle()
      expect(await last(customer)).toMatch(/已经失效，没有绑定任何帐号/)
    })

    test('he has begun another: it is that one that waits', async () => {
      const { customer, deny } = await asked()
      await customer.signIn()
      await customer.say((await customer.code()).bindCode)
      await town().settle()
      await customer.tap(deny)
      await town().settle()
      expect(await last(customer)).toMatch(/还有一次绑定在等您确认.*最新的一条消息/)
    })

    test('he is bound by another since, which stays and can be ended', async () => {
      const { customer, deny } = await asked()
      await customer.signIn()
      await bindByCode(town(), customer, customer)
      await customer.tap(deny)
      await town().settle()
      expect(await last(customer)).toMatch(/现在绑定着一个小程序帐号.*「解绑」/)
      expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
    })
  })

  describe('that was said while nobody was there to hear it', () => {
    const heardLate = async (): Promise<void> => {
      const { control, clock, db, settle } = town()
      await control.post('/_sandbox/faults', { clear: true })
      clock.advance(16 * 60_000)
      await addJob(db, 'kf.catch-up')
      await settle()
      clock.advance(-16 * 60_000)
    }
    const hearNothing = () => town().control.post('/_sandbox/faults', { callbacks: { drop: 1 } })

    test.each([
      ['不是我', false, async (customer: Person) => findDeny(await customer.chat())!],
      [
        '确认解绑',
        true,
        async (customer: Person) => {
          await customer.say('解绑')
          await town().settle()
          return findItem(customer, '确认解绑')
        },
      ],
    ])('counts, however late: %s', async (_, unionid, find) => {
      const customer = await bound({ unionid })
      const menuId = await find(customer)
      await hearNothing()
      await customer.tap(menuId)
      await heardLate()
      await customer.signIn()
      expect(await customer.me()).toMatchObject({ bindingStatus: 'unbound' })
      expect(botTexts(await customer.chat()).at(-1)).toContain('已解除绑定')
    })

    test('does not end what was bound since', async () => {
      const customer = await bound()
      await customer.say('解绑')
      await town().settle()
      const menuId = await findItem(customer, '确认解绑')
      await hearNothing()
      await customer.tap(menuId)
      await town()
        .db('customer_accounts')
        .update({ tied_at: new Date(Date.now() + 120_000) })
      await heardLate()
      expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
    })
  })

  test('不是我 in a chat that an account has left long since does not end its binding with another chat', async () => {
    const { people, settle, server, clock, control } = town()
    const [wife, husband] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await bindByCode(town(), husband, wife)
    expect(await husband.me()).toMatchObject({ bindingStatus: 'bound' })
    expect((await server.delete('/api/binding', husband.token)).status).toBe(200)
    clock.advance(60_000)
    await control.post('/_sandbox/clock', { advanceSeconds: 60 })
    await husband.signIn()
    await bindByCode(town(), husband)
    expect(await husband.me()).toMatchObject({ bindingStatus: 'bound' })
    await wife.tap(findDeny(await wife.chat())!)
    await settle()
    expect((await server.get('/api/me', husband.token)).status).toBe(200)
    expect(await husband.me()).toMatchObject({ bindingStatus: 'bound' })
  })
})

describe('the chat never leaves a customer alone', () => {
  test('进度 answers with the projects of a customer who may see them, and with a hint to others', async () => {
    const { people, settle } = town()
    const [customer, waiting, stranger] = [await bound(), await bound(), await people.arrive()]
    await people.load('SO-P', customer.phone, {
      title: '翠湖花园',
      stages: [
        { name: '设计', status: 'done' },
        { name: '生产', status: 'active' },
      ],
    })
    await people.add('zhangsan', customer.phone)
    await settle()
    for (const one of [customer, waiting, stranger]) await one.say('进度')
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toBe(
      '您的项目进度：\n· 翠湖花园：进行中，生产（1/2）\n详情请打开「进度通」小程序。',
    )
    expect(botTexts(await waiting.chat()).at(-1)).toContain('还差您的手机号')
    expect((await waiting.chat()).at(-1)?.menu).toMatchObject([
      { text: '打开小程序填写手机号', miniprogramPath: 'pages/home/home' },
    ])
    expect(botTexts(await stranger.chat()).at(-1)).toContain('您还没有绑定小程序')
  })

  test('any other words go to a human', async () => {
    const { people, settle, control } = town()
    const customer = await people.arrive()
    await customer.say('我的柜子什么时候到？')
    await settle()
    expect(
      (await control.get(`/_sandbox/people/${customer.personId}/kf/session`)).body,
    ).toMatchObject({ state: 2 })
    expect(botTexts(await customer.chat()).at(-1)).toContain('人工客服')
  })

  test('with nobody on duty the hours are said, and the log warns', async () => {
    const { people, settle, control, lines } = town()
    for (const userid of ['zhangsan', 'lisi'])
      await control.post(`/_sandbox/kf/servicers/${userid}/duty`, { serving: false })
    const customer = await people.arrive()
    await customer.say('有人吗')
    await settle()
    for (const userid of ['zhangsan', 'lisi'])
      await control.post(`/_sandbox/kf/servicers/${userid}/duty`, { serving: true })
    expect(botTexts(await customer.chat()).at(-1)).toMatch(/服务时间|人工客服/)
    if (
      botTexts(await customer.chat())
        .at(-1)!
        .includes('服务时间')
    )
      expect(lines.some((line) => line.includes('could not be handed'))).toBe(true)
  })

  test('a picture, a voice message: unknown kinds go to a human too', async () => {
    const { people, settle, control } = town()
    const customer = await people.arrive()
    await control.post(`/_sandbox/people/${customer.personId}/kf/send`, { type: 'image' })
    await settle()
    expect(
      (await control.get(`/_sandbox/people/${customer.personId}/kf/session`)).body,
    ).toMatchObject({ state: 2 })
  })

  test('a code with chatter around it in separate messages is used, whatever else is said', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await customer.signIn()
    const { bindCode } = await customer.code()
    for (const text of ['你好', bindCode, '谢谢', '在吗']) await customer.say(text)
    await settle()
    expect(await customer.status()).toMatchObject({ state: 'bound' })
  })

  test('after the code, words do not steal the chat before the confirmation is sent', async () => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await customer.say('发了')
    await settle()
    expect(findTicket(await customer.chat())).toBeDefined()
  })

  /** We handed his first words to people, and one of them has the chat. */
  async function arriveAtHuman(): Promise<Person> {
    const { people, settle, control } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await customer.say('你好')
    await settle()
    await control.post('/_sandbox/kf/servicers/zhangsan/take', { personId: customer.personId })
    return customer
  }

  test('a human has the chat and cannot be told: the page says so all the same', async () => {
    const { settle, control } = town()
    const customer = await arriveAtHuman()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'message/send', errcode: 45009, times: 20 }],
    })
    await customer.say((await customer.code()).bindCode)
    await settle()
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'human_serving',
    })
  })

  test('a human has the chat: the page says so, the servicer is told, the item follows at the end of his session', async () => {
    const { people, settle, control } = town()
    const customer = await arriveAtHuman()
    await customer.say((await customer.code()).bindCode)
    await settle()
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'human_serving',
    })
    expect(JSON.stringify((await control.get('/_sandbox/members/zhangsan/inbox')).body)).toContain(
      '有客户正在绑定',
    )
    const other = await people.arrive()
    await other.signIn()
    expect(await other.code()).not.toHaveProperty('servedByPeople') // the human has it because we handed it over
    await control.post('/_sandbox/kf/servicers/zhangsan/end', { personId: customer.personId })
    await settle()
    await customer.openTicket(findTicket(await customer.chat())!)
    expect(await customer.status()).toMatchObject({ state: 'bound' })
  })

  test('while a human has the chat a miss passes silently, and is no try', async () => {
    const { people, settle, control, db } = town()
    const customer = await people.arrive()
    await customer.say('你好')
    await settle()
    await control.post('/_sandbox/kf/servicers/zhangsan/take', { personId: customer.personId })
    const before = botTexts(await customer.chat())
    await customer.say('310000')
    await settle()
    expect(botTexts(await customer.chat())).toEqual(before)
    expect(await db('code_tries').pluck('to_people')).toEqual([true])
  })

  test('recalling the code takes it back', async () => {
    const { people, settle, control } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    await control.post(`/_sandbox/people/${customer.personId}/kf/recall`)
    await settle()
    expect(await customer.status()).toMatchObject({ state: 'refused', reason: 'withdrawn' })
    expect((await customer.openTicket(findTicket(await customer.chat())!)).status).toBe(404)
  })

  test('the event of a bind link is lost: how the customer came in is looked up when he writes', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await customer.enter((await customer.code()).kfUrl)
    await settle()
    // As if the event had never come: nothing of it is left but what WeCom remembers.
    await db('tickets').delete()
    await db('pending_bindings').delete()
    await db('kf_messages').delete()
    await db('bind_codes').update({ status: 'live', ended_at: null })
    await customer.say('我来了')
    await settle()
    expect(await customer.status()).toMatchObject({ state: 'awaiting_confirmation' })
  })
})

test('words in two kf accounts, while a code waits for its tap, reach people in both', async () => {
  const { people, settle, db, control } = town()
  const { openKfId } = (
    await control.post('/_sandbox/kf/accounts', { name: '第二客服', servicers: ['zhangsan'] })
  ).body as { openKfId: string }
  const customer = await people.arrive({ unionid: false })
  await customer.signIn()
  await customer.say((await customer.code()).bindCode)
  await settle()
  await customer.say('你好')
  await settle()
  await control.post(`/_sandbox/people/${customer.personId}/kf/send`, { openKfId, text: '请问' })
  await settle()
  expect(await listJobs(db, 'kf.listen')).toHaveLength(2)
  await hurryJobs(db, `name = 'kf.listen'`)
  const states = async () =>
    Promise.all(
      ['', `?openKfId=${openKfId}`].map(
        async (query) =>
          (await control.get(`/_sandbox/people/${customer.personId}/kf/session${query}`)).body
            .state,
      ),
    )
  await waitFor('both chats to be given to people', async () =>
    (await states()).every((state) => state === 2),
  )
})

test('a phone noted after the add is found by looking again (D6)', async () => {
  const { people, settle, control, db } = town()
  const customer = await people.arrive()
  await people.load('SO-L', customer.phone)
  await customer.signIn()
  await people.add('zhangsan', customer.phone, { remarkMobile: 'later' })
  await settle()
  expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: false })
  await control.post('/_sandbox/members/zhangsan/remark', { phone: customer.phone })
  await runJobsNow(db, 'contacts.look-again')
  await settle()
  expect(await customer.me()).toMatchObject({ canQuery: true })
})

test('words beside an attempt of which WeCom tells nothing wait half a minute for it, and then reach a human', async () => {
  const { people, settle, control, db } = town()
  const customer = await people.arrive({ unionid: false })
  await customer.signIn()
  const endpoints = [{ path: 'kf/customer/batchget', times: 100 }]
  await control.post('/_sandbox/faults', { endpoints })
  await customer.say((await customer.code()).bindCode)
  await settle()
  await putOff(db, 'binding.settle')
  await control.post('/_sandbox/faults', { clear: true })
  await customer.say('我的柜子什么时候装')
  await settle()
  const waits: number[] = []
  for (let round = 0; round < 10; round += 1) {
    const waiting = await listJobs(db, 'kf.listen')
    if (waiting.length === 0) break
    waits.push(waiting.length)
    await runJobsNow(db, 'kf.listen')
    await settle()
  }
  expect(waits).toHaveLength(6)
})
