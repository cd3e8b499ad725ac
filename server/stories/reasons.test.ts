import { expect, test } from '@jest/globals'
import { isDeepStrictEqual } from 'node:util'
import { WhyCode, type Why } from '../../shared/api/why.ts'
import { toMoment } from '../../shared/days.ts'
import { tellCustomer } from '../../shared/why-customer.ts'
import { createPeople, findTicket, type Person } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { callingFrom, nextAddress } from '../test/addresses.ts'
import { createChance, type Chance } from '../test/numbers/chance.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()

/** Each customer has an address of his own, or they would share its limits. */
const peopleAt = (address: string) => {
  const server = createHttp(town().address, () => callingFrom(address))
  return createPeople({ server, control: town().control, adminKey: ADMIN_KEY })
}

/** What happens, and what the customer does once it has arrived. */
type Step = { says: string; act: () => Promise<unknown>; then?: () => Promise<unknown> }
type History = { customer: Person; steps: Step[]; told: string[] }

function stepsOf(customer: Person, n: number, chance: Chance): Step[] {
  const { people, server } = town()
  const { phone } = customer
  const order = (name: string, more: object = {}) =>
    people.load(`SO-${String(n)}-${name}`, phone, more)
  return [
    { says: 'added by his number', act: () => people.add('zhangsan', phone) },
    { says: 'added by a QR code', act: () => people.add('lisi', phone, { addWay: 1 }) },
    { says: 'added, nothing noted', act: () => people.add('lisi', phone, { remarkMobiles: [] }) },
    {
      says: 'added, two numbers noted',
      act: () => people.add('lisi', phone, { remarkMobiles: [phone, '13800138000'] }),
    },
    {
      says: 'he adds the member',
      act: () => people.add('lisi', phone, { initiatedBy: 'customer' }),
    },
    { says: 'the member deletes him', act: () => people.remove('zhangsan', { phone }) },
    { says: 'an order', act: () => order(String(chance.below(3))) },
    {
      says: 'an order that names somebody',
      act: () => order('N', { customerName: chance.pick(['王建国', '李梅']) }),
    },
    {
      says: 'an old order that is done',
      act: () => order('O', { status: '已完成', order: { signedAt: '2015-01-01T00:00:00Z' } }),
    },
    {
      says: 'an order is hidden',
      act: () =>
        server.delete(`/api/admin/projects/SO-${String(n)}-0`, ADMIN_KEY, { reason: '试单' }),
    },
    { says: 'signs in', act: () => customer.signIn() },
    {
      says: 'binds',
      act: async () => {
        if (customer.token === '') await customer.signIn()
        await customer.say((await customer.code()).bindCode)
      },
      then: async () => {
        const ticket = findTicket(await customer.chat())
        if (ticket !== undefined) await customer.openTicket(ticket)
      },
    },
    {
      says: 'states his phone',
      act: () => server.post('/api/binding/temp', { phoneNumber: phone }, customer.token),
    },
    { says: 'unbinds', act: () => server.delete('/api/binding', customer.token) },
  ]
}

const AT_ONCE = 20
const atOnce = async <T>(all: readonly T[], act: (one: T) => Promise<unknown>): Promise<void> => {
  for (let from = 0; from < all.length; from += AT_ONCE)
    await Promise.all(all.slice(from, from + AT_ONCE).map(act))
}

/** Their histories go on side by side, step by step, and what each step set off is done before the next. */
async function live(histories: readonly History[]): Promise<void> {
  const longest = Math.max(...histories.map(({ steps }) => steps.length))
  for (let at = 0; at < longest; at += 1) {
    const going = histories.filter(({ steps }) => at < steps.length)
    await atOnce(going, async ({ steps, told }) => {
      const { says, act } = steps[at]!
      told.push(says)
      await act().catch(() => told.push('(refused)'))
    })
    await town().settle()
    await atOnce(going, async ({ steps }) => steps[at]!.then?.().catch(() => undefined))
    await town().settle()
  }
}

type Item = { externalUserId?: string; openids: string[]; why: { code: WhyCode } }
async function readDirectory(): Promise<Map<string, Item>> {
  const found = new Map<string, Item>()
  let cursor: string | undefined
  do {
    const ask = { limit: 100, ...(cursor !== undefined && { cursor }) }
    const { data } = (await town().server.post('/api/admin/customers/search', ask, ADMIN_KEY)).body
    for (const item of data.items as Item[])
      if (item.externalUserId !== undefined) found.set(item.externalUserId, item)
    cursor = data.nextCursor
  } while (cursor !== undefined)
  return found
}

type Page = {
  code: WhyCode | 'not_bound or ended'
  /** Each page that says why says the same, in the words of the table. */
  saysOne: boolean
  canQuery: boolean
  sees: boolean
}

/** What his own pages say. */
async function readPage(customer: Person): Promise<Page> {
  const me = await customer.me()
  const { success: canQuery, data } = (await customer.projects()).body
  const status = await customer.status()
  const why: Why = me.why
  const stated = me.claim
    ? { until: toMoment(new Date(me.claim.expiresAt as string), 'Asia/Shanghai') }
    : 'none'
  const told = tellCustomer(why.code, stated)
  const isOfAttempt = me.nextStep === 'confirm'
  const said = [
    told.why,
    ...(isOfAttempt ? [] : [{ ...why, ...toWords(me.nextStepText) }]),
    ...(status.state === 'bound' && !canQuery ? [{ ...why, ...toWords(status.text!) }] : []),
    ...(canQuery && data.items.length === 0 ? [data.why as Why] : []),
  ]
  return {
    code: why.code === 'not_bound' || why.code === 'ended' ? 'not_bound or ended' : why.code,
    saysOne:
      said.every((one) => isDeepStrictEqual(one, why)) &&
      (isOfAttempt || me.nextStep === told.step) &&
      me.canQuery === canQuery,
    canQuery,
    sees: canQuery && data.items.length > 0,
  }
}

const toWords = (sentences: string): Pick<Why, 'text' | 'nextStep'> => {
  const at = sentences.indexOf('。')
  return { text: sentences.slice(0, at), nextStep: sentences.slice(at + 1) }
}

/** What they must say after what an admin reads: what is held is absent, and who is tied to nobody learns of himself alone. */
function expectPage({ openid }: Person, item: Item | undefined): Page {
  const code = item?.why.code ?? 'not_bound'
  const isTied = item?.openids.includes(openid) === true
  return {
    code: isTied ? tellCustomer(code).why.code : 'not_bound or ended',
    saysOne: true,
    canQuery: ['may_query', 'no_order', 'order_held'].includes(code),
    sees: code === 'may_query',
  }
}

const codes = new Set<WhyCode>()

/** Eight towns of twenty-five, so that each is done in time on a busy machine. */
test.each(Array.from({ length: 8 }, (_, town) => town * 25))(
  'whatever happened to the twenty-five customers from number %i on, an admin reads what their own pages say',
  async (first) => {
    const histories: History[] = []
    for (let n = first; n < first + 25; n += 1) {
      const chance = createChance(20_261 + n)
      const customer = await peopleAt(nextAddress()).arrive({ unionid: chance.of(0.5) })
      const possible = stepsOf(customer, n, chance)
      const steps = Array.from({ length: 1 + chance.below(5) }, () => chance.pick(possible))
      histories.push({ customer, steps, told: [] })
    }
    await live(histories)
    await atOnce(histories, ({ customer }) => customer.signIn())
    await town().settle()
    const directory = await readDirectory()
    await atOnce(histories, async ({ customer, told }) => {
      const item = directory.get(customer.externalUserid)
      codes.add(item?.why.code ?? 'not_bound')
      expect([told, await readPage(customer)]).toEqual([told, expectPage(customer, item)])
    })
  },
)

test('among them is every reason that customers bring about by themselves', () => {
  expect(WhyCode.options.filter((code) => !codes.has(code))).toEqual(['suspended'])
})
