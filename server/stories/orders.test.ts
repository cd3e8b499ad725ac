import { expect, test } from '@jest/globals'
import { findTicket, type Person } from '../../scripts/play/people.ts'
import { until } from '../../scripts/play/until.ts'
import { useTown, type Town } from '../test/town.ts'

const town = useTown()

/** What can happen in any order; the binding itself has its own order. */
type Step = 'import' | 'add' | 'sign in' | 'send code' | 'tap'
const PLAIN: Step[] = ['sign in', 'send code', 'tap']
const EQUAL: Step[] = ['sign in', 'send code']

const insert = (order: readonly Step[], step: Step): Step[][] =>
  Array.from({ length: order.length + 1 }, (_, at) => [
    ...order.slice(0, at),
    step,
    ...order.slice(at),
  ])

async function play(
  { people, server }: Town,
  { order, unionid, index }: { order: readonly Step[]; unionid: boolean; index: number },
): Promise<Person> {
  const customer = await people.arrive({ unionid, name: `客户${String(index)}` })
  const actions: Record<Step, () => Promise<unknown>> = {
    import: () => people.load(`SO-${String(unionid)}-${String(index)}`, customer.phone),
    add: async () => {
      await people.add('zhangsan', customer.phone)
      await until('the welcome', async () => ((await customer.inbox()) as unknown[]).length > 0)
    },
    'sign in': () => customer.signIn(),
    'send code': async () => {
      // A customer whom his unionid has bound already is told so by the page and sends nothing.
      if ((await customer.status()).state === 'bound') return
      await customer.say(
        (await server.post('/api/binding/code', undefined, customer.token)).body.data.bindCode,
      )
      await until('an answer', async () =>
        (await customer.chat()).some(({ from }) => from === 'bot'),
      )
    },
    tap: async () => customer.openTicket(findTicket(await customer.chat())!),
  }
  for (const step of order) await actions[step]()
  return customer
}

/** Every way to put `import` between the steps of a binding. */
const LOADED = [
  ...insert(PLAIN, 'import').map((loaded) => ['without unionids', loaded, false] as const),
  ...insert(EQUAL, 'import').map((loaded) => ['with equal unionids', loaded, true] as const),
]

test.each(LOADED)(
  'added at any moment, the end is the same: %s, %j',
  async (_, loaded, unionid) => {
    const orders = insert(loaded, 'add')
    const customers = await Promise.all(
      orders.map((order, index) => play(town(), { order, unionid, index })),
    )
    await town().settle()
    for (const [index, customer] of customers.entries()) {
      const order = orders[index]!.join(', ')
      expect({ order, me: await customer.me() }).toMatchObject({
        order,
        me: { bindingStatus: 'bound', canQuery: true, advisor: { userid: 'zhangsan' } },
      })
      expect({ order, items: (await customer.projects()).body.data.items }).toMatchObject({
        order,
        items: [{ orderNo: `SO-${String(unionid)}-${String(index)}` }],
      })
      const rows = await town()
        .db('customers')
        .where({ phone: customer.phone })
        .orWhere({ wework_userid: customer.externalUserid })
        .whereNull('merged_into')
      expect(rows).toMatchObject([
        {
          phone: customer.phone,
          wework_userid: customer.externalUserid,
          wechat_openid: customer.openid,
          binding_status: 'bound',
          bound_by: 'zhangsan',
        },
      ])
    }
  },
)
