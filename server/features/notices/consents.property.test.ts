import { expect, test } from '@jest/globals'
import { createLog } from '../../lib/log.ts'
import { createChance, type Chance } from '../../test/numbers/chance.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import {
  createCustomer,
  KINDS,
  leftOf,
  openDesk,
  orderNotice,
  workOff,
} from '../../test/notices/desk.ts'
import { createWeixin, type Fate } from '../../test/notices/weixin.ts'

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 1_000_000_000)
const COUNT = Number(process.env['PROPERTY_COUNT'] ?? 120)
const STEPS = 24
const RUN = { attempt: 1, lastAttempt: false }

const FATES: readonly Fate[] = [
  'answered',
  'answered',
  'answered',
  'lost',
  'lost',
  'never left',
  { errcode: { kind: 'unclear' } },
  { errcode: { kind: 'refused', reason: 'bad_field', errcode: 47003, field: 'thing1' } },
  { errcode: { kind: 'refused', reason: 'unknown_template', errcode: 40037 } },
  { errcode: { kind: 'refused', reason: 'quota_used', errcode: 45009 } },
  { errcode: { kind: 'refused', reason: 'other', errcode: 49999 }, spends: true },
]

type Life = Awaited<ReturnType<typeof openLife>>

async function openLife({ db, connectionString }: TestDatabase, chance: Chance) {
  let now = new Date('2026-05-01T04:00:00Z').getTime() + chance.below(1_000)
  const clock = (): Date => new Date(now)
  const weixin = createWeixin(clock)
  const log = createLog({ level: 'silent' })
  const chat = chance.of(0.5) ? new Set<string>() : null
  const desk = openDesk({ db, connectionString, weixin, chat, hasPush: true, clock, log })
  const steps: string[] = []
  return {
    db,
    desk,
    weixin,
    chance,
    clock,
    steps,
    /** Whether a receipt never came: then what may have arrived may be sent again. */
    hasLost: false,
    customer: await createCustomer(db, chance.pick(KINDS)),
    advance: (ms: number): void => void (now += ms),
  }
}

/** What WeChat tells, in any order; often twice, at times never. */
async function hearSome(life: Life): Promise<void> {
  const { weixin, chance, desk, customer } = life
  const place = chance.below(weixin.pushes.length)
  const pushed = weixin.pushes[place]
  if (!pushed) return
  if (chance.of(0.7)) weixin.pushes.splice(place, 1)
  if (chance.of(0.9)) {
    await desk.hear(pushed)
    if (pushed.kind !== 'sent') weixin.toldOf(pushed.openid, customer.templateId, pushed.ended)
    if (pushed.kind !== 'sent') pushed.ended = 0
    return
  }
  weixin.pushes.splice(weixin.pushes.indexOf(pushed), 1)
  life.hasLost ||= pushed.kind === 'sent'
}

const ACTS: Record<string, (life: Life) => unknown> = {
  accepts: ({ weixin, customer }) => weixin.accept(customer.openid, customer.templateId),
  'accepts again': ({ weixin, customer }) => weixin.accept(customer.openid, customer.templateId),
  rejects: ({ weixin, customer, chance }) =>
    weixin.reject(customer.openid, customer.templateId, chance.of(0.3)),
  'turns it off': ({ weixin, customer, chance }) =>
    chance.of(0.5) && weixin.turnOff(customer.openid, customer.templateId),
  'WeChat forgets': ({ weixin, customer, chance }) =>
    chance.of(0.3) && weixin.forget(customer.openid, customer.templateId),
  'a push comes': hearSome,
  'a push comes too': hearSome,
  'time passes': ({ advance, chance }) => advance(chance.pick([20, 900, 1_500, 400_000])),
  'is told something': async ({ db, desk, customer, weixin, chance, clock }) => {
    weixin.next(chance.pick(FATES))
    const about = await orderNotice(db, customer, clock())
    await desk.send(about, RUN).catch(() => undefined)
    weixin.next('answered')
  },
  'a program sends': async ({ desk, customer, weixin, chance }) => {
    weixin.next(chance.pick(FATES))
    const { openid, templateId } = customer
    await desk.sendMessage({ openid, templateId, data: { thing1: '样板' } })
    weixin.next('answered')
  },
  'two at once': async ({ desk, customer }) => {
    const asked = {
      openid: customer.openid,
      templateId: customer.templateId,
      data: { thing1: '样板' },
    }
    await Promise.all([desk.sendMessage(asked), desk.sendMessage(asked)])
  },
  'doubts are looked at': ({ db, desk }) => workOff(db, desk, 'notices.resolve'),
}

async function findWrong({ desk, customer, weixin }: Life): Promise<string | null> {
  const ours = await leftOf(desk, customer)
  const theirs = weixin.leftOf(customer.openid, customer.templateId)
  if (ours > theirs + weixin.untoldOf(customer.openid, customer.templateId))
    return `${String(ours)} are shown, ${String(theirs)} are left`
  const given = weixin.givenOf(customer.openid, customer.templateId)
  return weixin.messages.length > given
    ? `${String(weixin.messages.length)} were sent by ${String(given)} consents`
    : null
}

async function live(life: Life): Promise<string | null> {
  for (let step = 0; step < STEPS; step += 1) {
    const name = life.chance.pick(Object.keys(ACTS))
    life.steps.push(name)
    await ACTS[name]!(life)
    const wrong = await findWrong(life)
    if (wrong !== null) return wrong
  }
  return null
}

test('no more is sent than was consented to, and what is shown as left is never more than there is', async () => {
  const database = await testDatabase()
  const failures: string[] = []
  for (let place = 0; place < COUNT && failures.length < 3; place += 1) {
    const life = await openLife(database, createChance(SEED + place))
    const wrong = await live(life)
    await database.db('lane_jobs').delete()
    if (wrong !== null)
      failures.push(
        `PROPERTY_SEED=${String(SEED + place)} PROPERTY_COUNT=1: ${wrong}\n${life.steps.join('\n')}`,
      )
  }
  expect(failures.join('\n\n')).toBe('')
}, 300_000)
