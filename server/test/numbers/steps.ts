import type { ProjectBody } from '../../../shared/api/projects.ts'
import { ANSWERED_BY_TAP } from '../../features/customers/phone.rules.ts'
import { DAY, type Human, type Number_, type Order } from './truth.ts'
import type { Rooms } from './rooms.ts'
import { describeDay, work, type World } from './world.ts'

/** Something that happens; undefined: it cannot happen now. */
type Step = (
  world: World,
) => { says: string; action?: (rooms: Rooms) => Promise<unknown> } | undefined

const MEMBERS = ['zhangsan', 'lisi']
const OPERATOR = { key: 'k', userid: 'zhangsan', requestId: 'r' }
const REMEDY = { reason: '与客户电话核实', operator: OPERATOR }
const second = (ms: number): Date => new Date(Math.floor(ms / 1_000) * 1_000)

const wait: Step = ({ truth, chance }) => {
  const ms =
    chance.pick([
      5_000,
      3_600_000,
      DAY,
      20 * DAY,
      60 * DAY,
      91 * DAY,
      91 * DAY,
      91 * DAY,
      200 * DAY,
      400 * DAY,
    ]) + chance.below(3_000)
  truth.wait(ms)
  return { says: `wait ${(ms / DAY).toFixed(2)} days` }
}

const giveUp: Step = ({ truth, chance }) => {
  const number = chance.pick(truth.numbers)
  if (!truth.holdingOf(number)) return undefined
  truth.giveUp(number)
  return { says: `${number.phone} is given up` }
}

const take: Step = ({ truth, chance }) => {
  const number = chance.pick(truth.numbers)
  const human = chance.pick(truth.humans)
  if (!truth.isFree(number) || truth.ownOf(human)) return undefined
  truth.take(number, human)
  return { says: `${human.name} takes ${number.phone}` }
}

/** The other of a couple uses the number now. */
const passInHousehold: Step = ({ truth, chance }) => {
  const number = chance.pick(truth.numbers)
  const holding = truth.holdingOf(number)
  const other =
    holding && truth.householdOf(holding.household).find((human) => human !== number.linked)
  if (!other) return undefined
  number.linked = other
  return { says: `${other.name} uses ${number.phone} now` }
}

/** A member searches the number and adds who has it; anew, when he had him already. */
const add: Step = (world) => addBy(world, world.chance.pick(world.truth.numbers))

function addBy({ truth, chance }: World, number: Number_): ReturnType<Step> {
  const human = number.linked
  if (!human || !truth.holdingOf(number)) return undefined
  const userId = chance.pick(MEMBERS)
  const isNotedLate = chance.of(0.1)
  const addWay = chance.of(0.9) ? 2 : 1
  const others = (truth.follows.get(human.contact) ?? []).filter(
    (follow) => follow.userId !== userId,
  )
  truth.follows.set(human.contact, [
    ...others,
    {
      userId,
      createdAt: second(truth.now()),
      addWay,
      operUserId: userId,
      remarkMobiles: isNotedLate ? [] : [number.phone],
    },
  ])
  return {
    says: `${userId} adds ${human.name} by ${number.phone}${isNotedLate ? ', noting nothing' : ''}${addWay === 2 ? '' : ', not by search'}`,
    action: ({ contacts }) =>
      contacts.takeChange(
        {
          kind: 'contact-changed',
          change: 'added',
          userId,
          externalUserId: human.contact,
          at: second(truth.now()),
        },
        0,
      ),
  }
}

let callbacks = 0
const end: Step = ({ truth, chance }) => {
  const human = chance.pick(truth.humans)
  const follow = chance.pick(truth.follows.get(human.contact) ?? [])
  if (!follow) return undefined
  truth.follows.set(
    human.contact,
    truth.follows.get(human.contact)!.filter((one) => one !== follow),
  )
  const change = chance.pick(['deleted-by-member', 'deleted-by-customer'] as const)
  callbacks += 1
  const id = callbacks
  return {
    says: `${change}: ${follow.userId} and ${human.name}`,
    action: ({ contacts }) =>
      contacts.takeChange(
        {
          kind: 'contact-changed',
          change,
          userId: follow.userId,
          externalUserId: human.contact,
          at: second(truth.now()),
        },
        id,
      ),
  }
}

/** A member notes another number later: the present one, one more, a mistyped one, or none. */
const remark: Step = ({ truth, chance }) => {
  const human = chance.pick(truth.humans)
  const follow = chance.pick(truth.follows.get(human.contact) ?? [])
  if (!follow || truth.now() - follow.createdAt.getTime() < 25 * 3_600_000) return undefined
  const own = truth.ownOf(human)?.phone
  const other = chance.pick(truth.numbers).phone
  follow.remarkMobiles = chance.pick([own ? [own] : [], own ? [own, other] : [other], [other], []])
  return {
    says: `${follow.userId} notes ${follow.remarkMobiles.join()} at ${human.name}`,
    action: ({ contacts }) => contacts.refresh(human.contact),
  }
}

/** WeCom is asked again, or the contact writes in kf. */
const look: Step = ({ truth, chance }) => {
  const human = chance.pick(truth.humans)
  return chance.of(0.5)
    ? { says: `pull ${human.name}`, action: ({ contacts }) => contacts.refresh(human.contact) }
    : {
        says: `${human.name} writes in kf`,
        action: ({ contacts }) => contacts.identify(human.contact),
      }
}

function nameOf({ chance, truth }: World, human: Human): string | null | undefined {
  const household = truth.householdOf(human.household).map(({ name }) => name)
  return chance.pick<string | null | undefined>([
    human.name,
    human.name,
    `${human.name}先生`,
    `${human.name}（代付）`,
    `${human.name.slice(0, 1)}女士`,
    household.join('、'),
    null,
    undefined,
    undefined,
    undefined,
  ])
}

function contentOf({ truth, chance }: World, order: Order): object {
  const at = new Date(truth.now()).toISOString()
  const dated = chance.of(0.5)
    ? { order: { signedAt: new Date(order.signedAt).toISOString() } }
    : {}
  const stages = chance.pick<object>([
    {},
    { status: '施工中' },
    { status: '已完成' },
    { status: '某个词' },
    {
      stages: [
        { name: '设计', status: 'done', doneAt: at },
        { name: '安装', status: 'active' },
      ],
    },
    { stages: [{ name: '设计', status: 'active' }] },
    { equipment: [{ name: '水泵', installedAt: at }] },
  ])
  return { ...dated, ...stages, designerUserid: chance.pick([...MEMBERS, null]) }
}

const toBody = ({ phone, name, viewerBodies, more }: Order): ProjectBody =>
  ({
    title: '订单',
    customerPhone: phone,
    ...(name !== undefined && { customerName: name }),
    ...(viewerBodies && { viewers: viewerBodies }),
    ...more,
  }) as ProjectBody

let serial = 0
/** The number is right when an order is loaded, unless the office mistypes it. */
const loadNew: Step = (world) => {
  const { truth, chance } = world
  const human = chance.pick(truth.humans)
  const number = truth.ownOf(human)
  if (!number) return undefined
  const wrong = chance.of(0.1) ? truth.numbers.find((one) => one !== number) : undefined
  const viewers = chance.of(0.15)
    ? truth.humans.filter((one) => one !== human && truth.ownOf(one)).slice(0, 1)
    : []
  serial += 1
  const order: Order = {
    orderNo: `SO-${String(world.seed)}-${String(serial)}`,
    household: human.household,
    viewers,
    phone: (wrong ?? number).phone,
    name: nameOf(world, human),
    viewerBodies:
      viewers.length === 0
        ? undefined
        : viewers.map((viewer) => ({
            phone: truth.ownOf(viewer)!.phone,
            role: '配偶',
            ...(chance.of(0.5) && { name: viewer.name }),
          })),
    more: {},
    isMisnumbered: wrong !== undefined,
    loadedAt: truth.now(),
    signedAt: truth.now() - chance.below(5) * DAY,
  }
  const holding = truth.holdingOf(number)!
  order.signedAt = Math.max(order.signedAt, holding.from)
  order.more = contentOf(world, order)
  truth.orders.push(order)
  return {
    says: `load ${order.orderNo} of ${human.name}: ${JSON.stringify(toBody(order))}${wrong ? ' (wrong number)' : ''}`,
    action: save(order),
  }
}

const save =
  (order: Order) =>
  async ({ projects }: Rooms): Promise<void> => {
    await projects.save(order.orderNo, toBody(order), { operator: { name: 'erp', requestId: 'r' } })
  }

/** Progress, a name, or the right number. */
const loadAgain: Step = (world) => {
  const { truth, chance } = world
  const order = chance.pick(truth.orders)
  if (!order) return undefined
  const members = truth.householdOf(order.household)
  const number = truth.ownOf(members[0]!)
  if (number && (order.isMisnumbered || order.phone !== number.phone) && chance.of(0.5)) {
    Object.assign(order, { phone: number.phone, isMisnumbered: false, loadedAt: truth.now() })
  } else if (chance.of(0.3)) order.name = nameOf(world, chance.pick(members))
  else order.more = contentOf(world, order)
  return {
    says: `load ${order.orderNo} again: ${JSON.stringify(toBody(order))}`,
    action: save(order),
  }
}

const bindByHand: Step = ({ truth, chance }) => {
  const human = chance.pick(truth.humans)
  const number = truth.ownOf(human)
  if (!number || number.linked !== human || !truth.follows.get(human.contact)?.length)
    return undefined
  const override = chance.of(0.5)
  return {
    says: `an admin binds ${human.name} and ${number.phone}${override ? ', overriding' : ''}`,
    action: ({ remedies }) =>
      remedies.bindManually(
        {
          customerPhone: number.phone,
          wechatOpenid: `o-${human.contact}`,
          weworkUserid: human.contact,
          reason: '门店核对身份证',
          operatorUserid: 'zhangsan',
          override,
        },
        OPERATOR,
      ),
  }
}

export const customerOf = (rooms: Rooms, human: Human) =>
  rooms
    .db('customers')
    .where({ wework_userid: human.contact })
    .whereNull('merged_into')
    .first<{ id: number; phone: string | null } | undefined>('id', 'phone')

/** Since when a number is no longer somebody's, if it is not. */
const lostAt = ({ history }: Number_, household: number): number | null => {
  const last = history.findLast((one) => one.household === household)
  return last ? last.until : null
}

const changePhone: Step = ({ truth, chance }) => {
  const human = chance.pick(truth.humans)
  const number = truth.ownOf(human)
  if (!number || number.linked !== human) return undefined
  const proven = chance.of(0.7)
  const saysSince = chance.of(0.5)
  return {
    says: `an admin changes the phone of ${human.name} to ${number.phone}${proven ? ', vouching' : ''}${saysSince ? ', saying since when' : ''}`,
    action: changeTo({ human, proven, saysSince }),
  }
  function changeTo({
    human: who,
    proven: vouched,
    saysSince: dated,
  }: {
    human: Human
    proven: boolean
    saysSince: boolean
  }) {
    return async (rooms: Rooms) => {
      const customer = await customerOf(rooms, who)
      if (!customer) return
      const former = customer.phone === null ? undefined : truth.numberOf(customer.phone)
      const at = former && lostAt(former, who.household)
      await rooms.remedies.changePhone(
        customer.id,
        { phone: number!.phone, proven: vouched, since: dated && at ? new Date(at) : null },
        REMEDY,
      )
    }
  }
}

/** An admin learns that whoever has a number for us has it no more. */
const handOver: Step = ({ truth, chance }) => {
  const number = chance.pick(truth.numbers)
  return {
    says: `an admin hands ${number.phone} over, if it changed hands`,
    action: handOverTruly(number, chance.of(0.7)),
  }
  function handOverTruly({ phone }: Number_, namesOrders: boolean) {
    return async (rooms: Rooms) => {
      const holder = await rooms
        .db('customers')
        .where({ phone })
        .whereNull('merged_into')
        .first<{ contact: string | null } | undefined>({ contact: 'wework_userid' })
      const former = truth.humans.find(({ contact }) => contact === holder?.contact)
      const at = former && lostAt(number, former.household)
      if (!former || at == null) return
      const next = truth.holdingOf(number)
      const orders = namesOrders && next ? await ordersOf(rooms, phone, next.household) : []
      const to =
        next && number.linked && truth.follows.get(number.linked.contact)?.length
          ? number.linked.contact
          : undefined
      await rooms.remedies.handOver(
        { phone, since: new Date(at), toExternalUserId: to, orders, dryRun: false },
        REMEDY,
      )
    }
  }
  async function ordersOf(rooms: Rooms, phone: string, household: number): Promise<string[]> {
    const parties = await rooms.ownership.pageOfNumber(rooms.db, rooms.evidence.hashPhone(phone))
    return truth.orders
      .filter(
        (order) =>
          order.household === household && parties.some(({ orderNo }) => orderNo === order.orderNo),
      )
      .map(({ orderNo }) => orderNo)
  }
}

const claim: Step = ({ truth, chance }) => {
  const order = chance.pick(truth.orders)
  if (!order) return undefined
  const human = chance.pick(truth.householdOf(order.household))
  return {
    says: `${human.name} types ${order.orderNo}`,
    action: ({ orderClaims }) => orderClaims.claim(human.accountId, order.orderNo),
  }
}

const askAdvisor: Step = ({ truth, chance }) => {
  const human = chance.pick(truth.humans)
  return {
    says: `${human.name} asks for the advisor`,
    action: ({ orderClaims }) => orderClaims.askAdvisor(human.accountId),
  }
}

const answer: Step = (world) => {
  const number = world.chance.pick(world.truth.numbers)
  const how = { knows: world.chance.of(0.8), saysSince: world.chance.of(0.6) }
  return {
    says: `staff answer what is asked about ${number.phone}${how.knows ? '' : ' (不清楚)'}`,
    action: (rooms) => answerTruly(world, rooms, { number, ...how }),
  }
}

const review: Step = (world) => {
  const human = world.chance.pick(world.truth.humans)
  return {
    says: `staff look into what is asked about ${human.name}`,
    action: (rooms) => settleReviews(world, rooms, human),
  }
}

const sweep: Step = () => ({ says: 'sweep', action: ({ questions }) => questions.sweep() })

type Answer = { number: Number_; knows: boolean; saysSince: boolean }
type Question = {
  id: number
  contact: string | null
  claimantId: number | null
  answer: object | null
  claimed: number[]
}

/** Staff say what is so: whose the number is now, and which of the orders are his. */
export async function answerTruly(
  { truth, chance }: World,
  rooms: Rooms,
  { number, knows, saysSince }: Answer,
): Promise<void> {
  const phoneHmac = rooms.evidence.hashPhone(number.phone)
  const question = await rooms
    .db('reviews as r')
    .leftJoin('customers as c', 'c.id', 'r.customer_id')
    .where({ 'r.kind': 'number', 'r.phone_hmac': phoneHmac })
    .whereNull('r.closed_at')
    .select({
      contact: rooms.db.raw('coalesce(c.wework_userid, r.external_userid)'),
      claimantId: rooms.db.raw(`(r.detail ->> 'claimantId')::bigint`),
      answer: 'r.answer',
      claimed: rooms.db.raw(`coalesce(r.detail -> 'claimed', '[]')`),
    })
    .first<Question | undefined>('r.id')
  if (!question || question.answer) return
  const by = { name: chance.pick(MEMBERS), requestId: 'r' }
  const human = truth.humans.find(({ contact }) => contact === question.contact)
  if (!knows || !human)
    return void (await rooms.questions.answer(
      { id: question.id },
      { answer: 'unknown', reason: '不清楚' },
      by,
    ))
  const unclear = (await rooms.ownership.pageOfNumber(rooms.db, phoneHmac)).filter(
    (party) => !party.shown || question.claimed.includes(party.id),
  )
  const known = unclear.map(({ orderNo }) =>
    truth.orders.find((order) => order.orderNo === orderNo)!,
  )
  const his = known
    .filter((order) => truth.mayRead(human, { ...order, isMisnumbered: false }))
    .map(({ orderNo }) => orderNo)
  const at = lostAt(number, human.household)
  const isStillHis = truth.holdingOf(number)?.household === human.household
  if (question.claimantId !== null || isStillHis) {
    return void (await rooms.questions.answer(
      { id: question.id },
      { answer: 'same', orders: his, reason: '电话核实' },
      by,
    ))
  }
  const next = truth.holdingOf(number)
  const orders = next
    ? known.filter((order) => order.household === next.household).map(({ orderNo }) => orderNo)
    : []
  await rooms.questions.answer(
    { id: question.id },
    {
      answer: 'changed',
      orders,
      reason: '电话核实',
      ...(saysSince && at !== null && { since: new Date(at).toISOString() }),
      ...(next && number.linked && { toExternalUserId: number.linked.contact }),
    },
    by,
  )
}

type Review = { id: number; kind: string; userId: string | null }

/** A member taps the number that is the customer's own; an admin puts right what a remark got wrong, or closes. */
export async function settleReviews(world: World, rooms: Rooms, human: Human): Promise<void> {
  const { truth } = world
  const open: Review[] = await rooms
    .db('reviews')
    .where({ external_userid: human.contact })
    .whereNull('closed_at')
    .whereNot({ kind: 'number' })
    .orderBy('id')
    .select({ id: 'id', kind: 'kind', userId: 'member_userid' })
  for (const one of open) await settleReview(world, rooms, { human, ...one })
  if (open.length > 0) await work({ ...world, truth })
}

async function settleReview(
  { truth }: World,
  rooms: Rooms,
  { human, id, kind, userId }: Review & { human: Human },
): Promise<void> {
  const own = truth.ownOf(human)
  const follow = (truth.follows.get(human.contact) ?? []).find((one) => one.userId === userId)
  const isTap = (ANSWERED_BY_TAP as readonly string[]).includes(kind)
  if (isTap && follow && own && own.linked === human && follow.remarkMobiles.includes(own.phone)) {
    await rooms.db.transaction((db) =>
      rooms.customers.confirmPhone(db, {
        reviewId: id,
        userId: userId!,
        followedAt: follow.createdAt,
        isChosen: (phone) => phone === own.phone,
        now: new Date(truth.now()),
      }),
    )
    return
  }
  if (follow && own?.linked === human) follow.remarkMobiles = [own.phone]
  await rooms.contacts.refresh(human.contact)
  await rooms.questions.close(id, '已核对', { name: 'zhangsan', requestId: 'r' })
}

const STEPS: readonly (readonly [number, Step])[] = [
  [7, wait],
  [2, giveUp],
  [6, take],
  [1, passInHousehold],
  [6, add],
  [1, end],
  [1, remark],
  [1, look],
  [7, loadNew],
  [6, loadAgain],
  [1, bindByHand],
  [1, changePhone],
  [1, handOver],
  [2, claim],
  [1, askAdvisor],
  [2, answer],
  [1, review],
  [1, sweep],
]
const WEIGHTED = STEPS.flatMap(([weight, step]) => Array.from({ length: weight }, () => step))

/** Somebody else gets a number that has rested: what this is all about comes to pass in most worlds, the rest is chance. */
const PLAN: readonly Step[] = [
  ({ truth }) => {
    const [number] = truth.numbers
    if (!truth.holdingOf(number!)) return undefined
    truth.giveUp(number!)
    return { says: `${number!.phone} is given up` }
  },
  ({ truth, chance }) => {
    truth.wait(91 * DAY + chance.below(60) * DAY)
    return { says: 'three months pass' }
  },
  ({ truth, chance }) => {
    const [number] = truth.numbers
    const next = chance
      .shuffle(truth.humans)
      .find(
        (human) =>
          !truth.ownOf(human) &&
          number!.history.every(({ household }) => household !== human.household),
      )
    if (!next || !truth.isFree(number!)) return undefined
    truth.take(number!, next)
    return { says: `${next.name} takes ${number!.phone}` }
  },
  (world) => addBy(world, world.truth.numbers[0]!),
]

/** Where in a life the plan happens. */
export const makePlan = ({ chance }: World): Map<number, Step> => {
  let at = 0
  return new Map(PLAN.map((step) => [(at += 1 + chance.below(2)), step]))
}

/** One thing happens, or two at once in two processes. Answers whether the system learned of it. */
export async function takeStep(world: World, planned: Step | undefined): Promise<boolean> {
  const happening = planned?.(world) ?? choose(world)
  const actions = [
    happening,
    ...(happening.action && world.chance.of(0.25) ? [chooseDeed(world)] : []),
  ]
  world.steps.push(`${describeDay(world.truth)}: ${actions.map(({ says }) => says).join('  ||  ')}`)
  await Promise.all(
    actions.map(async ({ action }, index) => {
      await action?.(world.processes[index]!)
    }),
  )
  await work(world)
  return happening.action !== undefined
}

function choose(world: World) {
  for (;;) {
    const chosen = world.chance.pick(WEIGHTED)(world)
    if (chosen) return chosen
  }
}

function chooseDeed(world: World) {
  for (;;) {
    const chosen = world.chance.pick([
      add,
      loadNew,
      loadAgain,
      look,
      claim,
      answer,
      handOver,
      changePhone,
      bindByHand,
      sweep,
    ])(world)
    if (chosen) return chosen
  }
}

/** Many things happen at once, in both processes; answers what failed. */
export async function takeStepsAtOnce(world: World, count: number): Promise<unknown[]> {
  const actions = Array.from({ length: count }, () => chooseDeed(world))
  const done = await Promise.allSettled(
    actions.map(async ({ action }, index) => {
      await action?.(world.processes[index % 2]!)
    }),
  )
  return done.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
}
