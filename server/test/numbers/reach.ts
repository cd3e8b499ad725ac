import { answerTruly, customerOf, settleReviews } from './steps.ts'
import type { Human, Number_, Order } from './truth.ts'
import { DAY } from './truth.ts'
import { describeDay, readAs, work, type World } from './world.ts'

const ROUNDS = 3

/**
 * Everybody who is proven for the number that he has gets at each order of his that stands on it: by its number, and by
 * true answers to what the system itself asks. Answers the orders that nobody can get at.
 */
export async function findUnreachable(world: World): Promise<string[]> {
  const unreachable: string[] = []
  for (const human of world.truth.humans) {
    const number = await findProven(world, human)
    if (!number) continue
    for (const order of await pageOwn(world, human, number)) {
      const why = await reach(world, { human, number, order })
      if (why !== null) unreachable.push(why)
    }
  }
  return unreachable
}

async function findProven(
  { truth, processes: [rooms] }: World,
  human: Human,
): Promise<Number_ | undefined> {
  const own = truth.ownOf(human)
  const page = await rooms.projects.listFor(human.accountId, { limit: 1 })
  return own && page.kind === 'page' && (await customerOf(rooms, human))?.phone === own.phone
    ? own
    : undefined
}

async function pageOwn(
  { truth, processes: [rooms] }: World,
  human: Human,
  number: Number_,
): Promise<Order[]> {
  const parties = await rooms.ownership.pageOfNumber(
    rooms.db,
    rooms.evidence.hashPhone(number.phone),
  )
  return truth.orders.filter(
    (order) =>
      !order.isMisnumbered &&
      truth.mayRead(human, order) &&
      parties.some(({ orderNo }) => orderNo === order.orderNo),
  )
}

type Wanted = { human: Human; number: Number_; order: Order }

async function reach(world: World, { human, number, order }: Wanted): Promise<string | null> {
  const {
    truth,
    processes: [rooms],
  } = world
  const sees = async (): Promise<boolean> => (await readAs(rooms, human)).includes(order.orderNo)
  for (let round = 0; round < ROUNDS && !(await sees()); round += 1) {
    truth.wait(DAY)
    world.steps.push(
      `${describeDay(truth)}: at last ${human.name} types ${order.orderNo}, and what is asked is answered`,
    )
    await rooms.orderClaims.claim(human.accountId, order.orderNo)
    await work(world)
    for (const one of truth.humans) await settleReviews(world, rooms, one)
    await answerTruly(world, rooms, { number, knows: true, saysSince: true })
    truth.wait(11_000)
    await rooms.questions.sweep()
    await work(world)
    if ((await findProven(world, human)) !== number) return null
  }
  if (await sees()) return null
  const party = (
    await rooms.ownership.pageOfNumber(rooms.db, rooms.evidence.hashPhone(number.phone))
  ).find(({ orderNo }) => orderNo === order.orderNo)!
  return `${human.name} cannot get at ${order.orderNo}: ${JSON.stringify({ ...party, phoneHmac: undefined })}`
}
