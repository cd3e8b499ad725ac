import { afterEach, describe, expect, test } from '@jest/globals'
import { findTicket, type Person } from '../../scripts/play/people.ts'
import { describeWorld, enterWorld, USUAL, type World } from '../../scripts/play/worlds.ts'
import { useTown } from '../test/town.ts'

const town = useTown()
const TEN = Array.from({ length: 10 }, (_, index) => index + 1)
const WORLDS: [string, World][] = [
  ...TEN.map((seed) => ({ ...USUAL, seed, unionids: false })),
  ...TEN.slice(0, 3).map((seed) => ({ ...USUAL, seed })),
  { ...USUAL, servedByPeople: true },
  { unionids: false, servedByPeople: true },
  { seed: 11, unionids: false, servedByPeople: true },
].map((world) => [describeWorld(world), world])

afterEach(() => enterWorld(town().control, USUAL))

/** By the link, or by the digits; the tap, where a unionid does not stand for it. */
async function bind(customer: Person, world: World, by: 'link' | 'digits'): Promise<void> {
  const { settle } = town()
  const { bindCode, kfUrl } = await customer.code()
  await (by === 'link' ? customer.enter(kfUrl) : customer.say(bindCode))
  await settle()
  if (!world.unionids) {
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'awaiting_tap',
    })
    expect((await customer.openTicket(findTicket(await customer.chat())!)).status).toBe(200)
  }
  expect(await customer.status()).toMatchObject({ state: 'bound' })
}

/** The platform has forgotten the code of his coming in when we use it, and says so by whatever number. */
async function bindLate(customer: Person, world: World): Promise<void> {
  const { settle, control } = town()
  const { kfUrl } = await customer.code()
  await control.post('/_sandbox/faults', { callbacks: { delayMs: 200 } })
  await customer.enter(kfUrl)
  await control.post('/_sandbox/clock', { advanceSeconds: 21 })
  await control.post('/_sandbox/faults', { callbacks: { delayMs: 0 } })
  await settle()
  await control.post('/_sandbox/clock', { advanceSeconds: -21 })
  if (!world.unionids) {
    expect(findTicket(await customer.chat())).toBeUndefined()
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'say_anything',
    })
    await customer.say('在吗')
    await settle()
    expect((await customer.openTicket(findTicket(await customer.chat())!)).status).toBe(200)
  }
  expect(await customer.status()).toMatchObject({ state: 'bound' })
}

describe('the main job', () => {
  test.each(WORLDS)(
    '%s: bound, found by phone, and each sees only his own projects',
    async (_, world) => {
      const { people, settle, control } = town()
      await enterWorld(control, world)
      const [first, second] = [await people.arrive(), await people.arrive({ name: '李小红' })]
      await people.load('SO-A', first.phone)
      await people.load('SO-B', second.phone)
      for (const customer of [first, second]) await customer.signIn()
      await bind(first, world, 'link')
      await bind(second, world, world.servedByPeople ? 'link' : 'digits')
      if (!world.servedByPeople) {
        const late = await people.arrive()
        await late.signIn()
        await bindLate(late, world)
      }
      expect((await first.projects()).status).toBe(403)
      for (const customer of [first, second]) await people.add('zhangsan', customer.phone)
      await settle()
      for (const [customer, order] of [
        [first, 'SO-A'],
        [second, 'SO-B'],
      ] as const) {
        expect((await customer.projects()).body.data.items).toMatchObject([{ orderNo: order }])
      }
      expect((await second.project((await first.projects()).body.data.items[0].id)).status).toBe(
        404,
      )
    },
  )
})
