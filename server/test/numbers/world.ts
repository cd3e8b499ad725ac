import type { Db } from '../../lib/db.ts'
import type { Job } from '../../lib/jobs.ts'
import { createChance, type Chance } from './chance.ts'
import { createNumberRooms, type Rooms } from './rooms.ts'
import { createTruth, DAY, type Human, type Truth } from './truth.ts'

export type World = {
  seed: number
  truth: Truth
  chance: Chance
  queue: Job[]
  /** Two processes on one database. */
  processes: [Rooms, Rooms]
  steps: string[]
}

const NAMES = ['王建国', '李梅', '陈静', '王建军', '赵一鸣', '李强']
const START = Date.UTC(2024, 0, 1)

/** Each world has numbers, people and orders of its own, so many live in one database beside each other. */
export async function openWorld(
  seed: number,
  place: number,
  [one, other]: readonly [Db, Db],
): Promise<World> {
  const chance = createChance(seed)
  const phones = [0, 1].map((index) => `13${String(place * 2 + index).padStart(9, '0')}`)
  const names = chance.shuffle(NAMES)
  const isCouple = chance.of(0.3)
  const humans: Human[] = []
  for (let index = 0; index < (isCouple ? 3 : 2) + chance.below(2); index += 1) {
    const contact = `wm-${String(place)}-${String(index)}`
    humans.push({
      index,
      name: names[index]!,
      household: isCouple && index === 1 ? 0 : index,
      contact,
      accountId: await signIn(one, contact),
    })
  }
  const truth = createTruth(phones, humans, START + chance.below(1_000) * 1_000)
  const clock = (): Date => {
    truth.wait(1)
    return new Date(truth.now())
  }
  truth.take(truth.numbers[0]!, humans[0]!)
  const queue: Job[] = []
  const room = (db: Db): Rooms => createNumberRooms({ db, platform: truth, queue, clock })
  return { seed, truth, chance, queue, processes: [room(one), room(other)], steps: [] }
}

async function signIn(db: Db, contact: string): Promise<number> {
  const [account] = await db('accounts')
    .insert({
      app: 'miniprogram',
      openid: `o-${contact}`,
      unionid: `union-${contact}`,
      identity_checked_at: new Date(START),
    })
    .returning<{ id: number }[]>('id')
  return account!.id
}

/** Does what was ordered, as workers would: in any order, and by either process. */
export async function work(world: World): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds += 1) {
    const due = world.chance.shuffle(
      world.queue.filter(
        (job) =>
          (job.runAt?.getTime() ?? 0) <= world.truth.now() && job.name !== 'contacts.look-again',
      ),
    )
    if (due.length === 0) return
    for (const job of due) world.queue.splice(world.queue.indexOf(job), 1)
    for (const job of due) await world.chance.pick(world.processes).doJob(job)
  }
}

/** Orders that somebody sees who may not. */
export async function findLeaks({ truth, processes }: World): Promise<string[]> {
  const read = await Promise.all(
    truth.humans.map(async (human) => ({ human, orderNos: await readAs(processes[0], human) })),
  )
  return read.flatMap(({ human, orderNos }) =>
    orderNos.flatMap((orderNo) => {
      const order = truth.orders.find((one) => one.orderNo === orderNo)
      return order && truth.mayRead(human, order) ? [] : [`${human.name} reads ${orderNo}`]
    }),
  )
}

export async function readAs({ projects }: Rooms, human: Human): Promise<string[]> {
  const page = await projects.listFor(human.accountId, { limit: 50 })
  return page.kind === 'page' ? page.items.map(({ orderNo }) => orderNo) : []
}

export const describeDay = (truth: Truth): string =>
  `day ${((truth.now() - START) / DAY).toFixed(2)}`
