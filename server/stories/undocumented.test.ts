import { afterEach, describe, expect, test } from '@jest/globals'
import { botTexts, findTicket, type Person } from '../../scripts/play/people.ts'
import { until } from '../../scripts/play/until.ts'
import { enterWorld, USUAL } from '../../scripts/play/worlds.ts'
import { useTown } from '../test/town.ts'

const town = useTown()
const ON_EVENT = 'kf/send_msg_on_event'

afterEach(() => enterWorld(town().control, USUAL))

const refuse = (path: string, errcode: number, times = 1) =>
  town().control.post('/_sandbox/faults', { endpoints: [{ path, errcode, times }] })
const calls = async (path: string): Promise<number> =>
  ((await town().control.get('/_sandbox/calls')).body as { path: string }[]).filter((call) =>
    call.path.endsWith(path),
  ).length
const stateOf = async (customer: Person): Promise<number> =>
  (await town().control.get(`/_sandbox/people/${customer.personId}/kf/session`)).body.state

/** Without unionid, on his bind page. */
async function arrived(): Promise<{ customer: Person; kfUrl: string }> {
  const customer = await town().people.arrive({ unionid: false })
  await customer.signIn()
  return { customer, kfUrl: (await customer.code()).kfUrl }
}

describe('the code of an event is refused (D23)', () => {
  test.each([95007, 40058, 41050, 40029, 95018, 41001 + 36_000])(
    'with %i: it is tried once, the page asks for any word, and the word brings the card',
    async (errcode) => {
      const { settle } = town()
      const { customer, kfUrl } = await arrived()
      await refuse(ON_EVENT, errcode, 8)
      await customer.enter(kfUrl)
      await settle()
      expect(findTicket(await customer.chat())).toBeUndefined()
      expect(await customer.status()).toMatchObject({
        state: 'awaiting_confirmation',
        reason: 'say_anything',
      })
      expect(await calls(ON_EVENT)).toBe(1)
      await customer.say('你好')
      await settle()
      expect(await stateOf(customer)).toBe(0)
      expect(await customer.status()).toMatchObject({ reason: 'awaiting_tap' })
      await customer.openTicket(findTicket(await customer.chat())!)
      expect(await customer.status()).toMatchObject({ state: 'bound' })
    },
  )

  test('busy is no refusal: the code is tried again, and the card comes', async () => {
    const { customer, kfUrl } = await arrived()
    await refuse(ON_EVENT, -1)
    await customer.enter(kfUrl)
    await until('the card', async () => findTicket(await customer.chat()))
    await town().settle()
    expect(await customer.status()).toMatchObject({ reason: 'awaiting_tap' })
  })

  /** His code has been used, and the first try to send him the card met a busy platform. */
  async function sayCodeWhileBusy(): Promise<Person> {
    const customer = await town().people.arrive({ unionid: false })
    await customer.signIn()
    await refuse('kf/send_msg', -1)
    await customer.say((await customer.code()).bindCode)
    await town().settle()
    return customer
  }

  test('until the card is sent the page never says that there is one to tap', async () => {
    const { settle } = town()
    const customer = await sayCodeWhileBusy()
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'say_anything',
    })
    await until('the card', async () => findTicket(await customer.chat()))
    await settle()
    expect(await customer.status()).toMatchObject({ reason: 'awaiting_tap' })
  })

  test('the word that was asked for does not bring a second card after the first', async () => {
    const { settle } = town()
    const customer = await sayCodeWhileBusy()
    await customer.say('好了')
    await settle()
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    await settle()
    const cards = (await customer.chat())
      .flatMap(({ menu }) => menu ?? [])
      .filter(({ miniprogramPath }) => miniprogramPath !== undefined)
    expect(cards).toHaveLength(1)
  })

  test('a code older than 20 s is not used', async () => {
    const { settle, clock } = town()
    const { customer, kfUrl } = await arrived()
    clock.advance(21_000)
    await customer.enter(kfUrl)
    await settle()
    clock.advance(-21_000)
    expect(await calls(ON_EVENT)).toBe(0)
    expect(await customer.status()).toMatchObject({ reason: 'say_anything' })
  })
})

describe('a hand-over to people is refused: each refusal has its own true text', () => {
  test.each([
    [95019, '现在没有客服在线'],
    [95014, '这里没有安排人工客服'],
    [95016, '刚才没能转接人工客服'],
    [77777, '暂时不能转接人工客服'],
  ])('%i', async (errcode, text) => {
    const { settle, people, lines } = town()
    const customer = await people.arrive()
    await refuse('kf/service_state/trans', errcode)
    await customer.say('我的柜子什么时候到？')
    await settle()
    expect(botTexts(await customer.chat())).toEqual([expect.stringContaining(text)])
    expect(
      lines.some((line) => line.includes('could not be handed') && line.includes(String(errcode))),
    ).toBe(true)
  })
})

test.each([
  ['an undocumented number is a warning', 77777, 'warn'],
  ['a chat in which nobody wrote lately is none', 95002, 'info'],
])(
  'a chat reply that is refused is logged, one that is sent is not: %s',
  async (_, errcode, level) => {
    const { settle, people, lines } = town()
    const customer = await people.arrive()
    await refuse('kf/send_msg', errcode)
    const missed = (): { level: string; errcode: number }[] =>
      lines
        .filter((line) => line.includes('a chat reply could not be sent'))
        .map((line) => JSON.parse(line) as { level: string; errcode: number })
    await customer.say('解绑')
    await settle()
    expect(missed()).toMatchObject([{ level, errcode }])
    await customer.say('解绑')
    await settle()
    expect(missed()).toHaveLength(1)
  },
)

describe('a kf account that people serve', () => {
  const served = () =>
    enterWorld(town().control, { ...USUAL, unionids: false, servedByPeople: true })

  test('the link binds from end to end', async () => {
    const { settle, people } = town()
    await served()
    const { customer, kfUrl } = await arrived()
    await people.load('SO-S', customer.phone)
    await customer.enter(kfUrl)
    await settle()
    await customer.openTicket(findTicket(await customer.chat())!)
    await people.add('zhangsan', customer.phone)
    await settle()
    expect((await customer.projects()).body.data.items).toMatchObject([{ orderNo: 'SO-S' }])
  })

  test.each([
    ['digits', (customer: Person, code: string) => customer.say(code)],
    ['words', (customer: Person) => customer.say('在吗')],
  ])(
    'the first %s show it: the page leads through the link from then on, and the log warns',
    async (_, act) => {
      const { settle, lines } = town()
      await served()
      const { customer } = await arrived()
      const next = await arrived()
      await act(customer, '000000')
      await settle()
      expect(lines.filter((line) => line.includes('people serve this kf account'))).toHaveLength(1)
      const page = await town().people.arrive()
      await page.signIn()
      expect(await page.code()).toMatchObject({ servedByPeople: true })
      await next.customer.enter(next.kfUrl)
      await settle()
      expect(findTicket(await next.customer.chat())).toBeDefined()
    },
  )

  test('a human who took a chat from the queue is not yet a sign of it', async () => {
    const { settle, control, people, db } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.say('你好')
    await settle()
    await control.post('/_sandbox/kf/servicers/zhangsan/take', { personId: customer.personId })
    await customer.say('310000')
    await settle()
    expect(await db('kf_cursors').pluck('served_by_people_at')).toEqual([null])
  })

  test('his digits are kept, and the card follows at the end of the session', async () => {
    const { settle, control, people } = town()
    await served()
    const customer = await people.arrive()
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    expect(await customer.status()).toMatchObject({ reason: 'human_serving' })
    await control.post('/_sandbox/kf/servicers/zhangsan/end', { personId: customer.personId })
    await settle()
    await customer.openTicket(findTicket(await customer.chat())!)
    expect(await customer.status()).toMatchObject({ state: 'bound' })
  })
})
