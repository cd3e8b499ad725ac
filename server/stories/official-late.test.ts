import { afterEach, describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import {
  BOUND,
  CLAIMED,
  GREETING,
  HELP,
  NOT_ADDED,
  NOT_PROVEN,
  SAY_AGAIN,
  UNBOUND,
} from '../features/official-account/official-account.texts.ts'
import { openGate } from '../test/gate.ts'
import { ADMIN_KEY, OFFICIAL, useTown, type Town } from '../test/town.ts'
import { waitFor } from '../test/wait.ts'
import { addJob, listJobs } from '../test/job-desk.ts'

const town = useTown(OFFICIAL)
const silent = useTown({ ...OFFICIAL, OFFICIAL_REPLY_LIMIT: '0' })

const PATH = '/api/wechat/message'
const told = async (customer: Person): Promise<string[]> =>
  (await customer.officialChat()).filter(({ from }) => from === 'account').map(({ text }) => text)
const sends = async (at: Town = town()): Promise<number[]> =>
  (await at.control.get('/_sandbox/calls')).body
    .filter(({ path }: { path: string }) => path.endsWith('/message/custom/send'))
    .map(({ errcode }: { errcode: number }) => errcode)
const failSend = (fault: object) =>
  town().control.post('/_sandbox/faults', {
    endpoints: [{ path: 'message/custom/send', times: 1, ...fault }],
  })

/** A follower who sent his phone. */
async function claimant({
  at = town(),
  unionid = true,
}: { at?: Town; unionid?: boolean } = {}): Promise<Person> {
  const customer = await at.people.arrive({ unionid })
  await customer.followOfficial()
  expect(await customer.writeOfficial(customer.phone)).toBe(CLAIMED)
  await at.settle()
  return customer
}

/** A follower who was told that he may query. */
async function bound(): Promise<Person> {
  const customer = await claimant()
  await town().people.add('zhangsan', customer.phone)
  await town().settle()
  expect(await told(customer)).toEqual([GREETING, CLAIMED, BOUND])
  return customer
}

describe('the follower is told', () => {
  test('that he may query, when a salesperson has added him: once, whoever adds him after that', async () => {
    const { people, settle } = town()
    const customer = await bound()
    expect(BOUND).toMatch(/^绑定成功，发送「查询项目进度」即可查看。\n如需解绑，.*「我的」/)
    await people.add('lisi', customer.phone)
    await settle()
    expect(await told(customer)).toEqual([GREETING, CLAIMED, BOUND])
    expect(await sends()).toEqual([0])
  })

  test('after he followed, when he was bound in the mini-program before and WeChat told too late who he is', async () => {
    const { people, settle, control } = town()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'user/info', errcode: 45009, times: 1 }],
    })
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await customer.signIn()
    await settle()
    await customer.followOfficial()
    await settle()
    expect(await told(customer)).toEqual([GREETING, BOUND])
  })

  test('not while he is tied and may not query; then when the phone is proven', async () => {
    const { people, settle, db } = town()
    const customer = await claimant()
    await people.add('zhangsan', customer.phone, { addWay: 1 })
    await settle()
    expect(await db('customer_accounts').whereNull('ended_at')).toHaveLength(1)
    expect(await told(customer)).toEqual([GREETING, CLAIMED])
    await people.add('lisi', customer.phone)
    await settle()
    expect(await told(customer)).toEqual([GREETING, CLAIMED, BOUND])
  })

  test('never when he merely claims a phone, whether a salesperson has added it or not (D16)', async () => {
    const { people, settle } = town()
    const [customer, stranger] = [await people.arrive(), await people.arrive()]
    await stranger.followOfficial()
    await stranger.writeOfficial(customer.phone)
    await people.add('zhangsan', customer.phone)
    await customer.signIn()
    await settle()
    expect(await customer.me()).toMatchObject({ canQuery: true })
    const honest = await claimant({ unionid: false })
    await people.add('zhangsan', honest.phone)
    await settle()
    for (const one of [stranger, honest]) expect(await told(one)).toEqual([GREETING, CLAIMED])
    expect(await honest.writeOfficial('进度')).toBe(NOT_PROVEN)
    expect(await sends()).toEqual([])
  })

  test('that he is bound no more, and again when he is bound again', async () => {
    const { people, settle, server, control } = town()
    const customer = await bound()
    const [card] = (await server.get(`/api/admin/customers?phone=${customer.phone}`, ADMIN_KEY))
      .body.data.items
    expect(
      (
        await server.post(
          `/api/admin/customers/${String(card.id)}/unbind`,
          { reason: '客户要求' },
          ADMIN_KEY,
        )
      ).status,
    ).toBe(200)
    await settle()
    expect((await told(customer)).slice(3)).toEqual([UNBOUND])
    await control.post('/_sandbox/members/zhangsan/remove', { phone: customer.phone })
    await settle()
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // a newer add, by the second
    await people.add('zhangsan', customer.phone)
    await settle()
    expect((await told(customer)).slice(3)).toEqual([UNBOUND, BOUND])
  })
})

test('解绑 is where the message says: in the mini-program, and it ends here too', async () => {
  const { settle, server } = town()
  const customer = await bound()
  await customer.signIn()
  await settle()
  expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
  expect((await server.delete('/api/binding', customer.token)).status).toBe(200)
  await settle()
  expect((await told(customer)).slice(3)).toEqual([UNBOUND])
  expect(await customer.writeOfficial('进度')).toBe(NOT_ADDED)
})

describe('nobody is written to', () => {
  test.each([
    [
      'two days after his last message',
      { wrote_at: new Date(Date.now() - 48 * 3_600_000), acted_at: null },
    ],
    ['a minute after he subscribed', { wrote_at: null, acted_at: new Date(Date.now() - 60_000) }],
  ])('%s; he learns it when he asks', async (_, heard) => {
    const { people, settle, db } = town()
    const customer = await claimant()
    await db('official_followers').update(heard)
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await sends()).toEqual([])
    expect(await customer.writeOfficial('进度')).toContain('还没有查到您名下的项目')
    await people.add('lisi', customer.phone)
    await settle()
    expect(await sends()).toEqual([])
  })

  test('who has unsubscribed', async () => {
    const { people, settle } = town()
    const customer = await claimant()
    await customer.unfollowOfficial()
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await sends()).toEqual([])
  })

  test('by an account that may not: no word, and no promise of one', async () => {
    const { people, settle } = silent()
    const customer = await claimant({ at: silent() })
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await sends(silent())).toEqual([])
    expect(await customer.writeOfficial('进度')).toContain('还没有查到您名下的项目')
  })
})

describe('what WeChat refuses', () => {
  test.each([45015, 45047, 43004, 40003, 48001])(
    '%i is taken quietly, and not tried again',
    async (errcode) => {
      const { people, settle, db, lines } = town()
      const customer = await claimant()
      await failSend({ errcode })
      await people.add('zhangsan', customer.phone)
      await settle()
      expect(await sends()).toEqual([errcode])
      expect(await listJobs(db, 'official.%')).toHaveLength(0)
      expect(lines.join('\n')).toContain('WeChat took no message')
      expect(
        lines.filter((line) => line.includes('"level":50') || line.includes('"level":"error"')),
      ).toEqual([])
      const [follower] = await db('official_followers')
      expect(follower.left_at !== null).toBe(errcode === 43004)
    },
  )

  test('a lacking right is warned about once', async () => {
    const { people, settle, lines } = town()
    await failSend({ errcode: 48001, times: 2 })
    for (let count = 0; count < 2; count += 1) {
      const customer = await claimant()
      await people.add('zhangsan', customer.phone)
      await settle()
    }
    expect(await sends()).toEqual([48001, 48001])
    expect(lines.filter((line) => line.includes('have it verified'))).toHaveLength(1)
  })

  test('what certainly did not arrive is sent again', async () => {
    const customer = await claimant()
    await failSend({ errcode: -1 })
    await town().people.add('zhangsan', customer.phone)
    await waitFor('the next try', async () => (await told(customer)).length === 3)
    await town().settle()
    expect(await told(customer)).toEqual([GREETING, CLAIMED, BOUND])
  })

  test('what may have arrived is not', async () => {
    const { people, settle, lines, db } = town()
    const customer = await claimant()
    await failSend({ effect: 'after', hangup: true })
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await told(customer)).toEqual([GREETING, CLAIMED, BOUND])
    expect(lines.join('\n')).toContain(
      'nobody knows whether a message of the official account arrived',
    )
    expect(await listJobs(db, 'official.%')).toHaveLength(0)
  })
})

describe('a reply that takes longer than WeChat waits', () => {
  const held: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const release of held.splice(0)) await release()
  })

  /** Nobody else reads or writes the table until it is let go. */
  async function hold(table: string, at: Town = town()): Promise<() => Promise<unknown>> {
    const trx = await at.db.transaction()
    await trx.raw('lock table ?? in access exclusive mode', [table])
    const release = async () => {
      if (!trx.isCompleted()) await trx.commit()
    }
    held.push(release)
    return release
  }
  const pushes = async (at: Town = town()) =>
    (await at.control.get('/_sandbox/official/pushes')).body as { attempts: string[] }[]
  const until = (customer: Person, text: string) =>
    waitFor(text, async () => (await told(customer)).includes(text))

  test('is a success at once, and a message when it is decided: the phone is claimed once', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive()
    const release = await hold('temp_bindings')
    expect(await customer.writeOfficial(customer.phone)).toBeNull()
    expect(await pushes()).toMatchObject([{ attempts: ['ok'] }])
    expect(await told(customer)).toEqual([])
    await release()
    await until(customer, CLAIMED)
    await settle()
    expect(await told(customer)).toEqual([CLAIMED])
    expect(await db('temp_bindings')).toHaveLength(1)
    expect(await sends()).toEqual([0])
  })

  test('the progress too, though what to say was decided in time', async () => {
    const { people, settle } = town()
    const customer = await claimant()
    await people.load('SO-SLOW', customer.phone)
    await people.add('zhangsan', customer.phone)
    await settle()
    const release = await hold('projects')
    expect(await customer.writeOfficial('进度')).toBeNull()
    await release()
    const answer = await waitFor('the progress', async () => (await told(customer))[3])
    expect(answer).toContain('SO-SLOW')
    await settle()
    expect(await told(customer)).toHaveLength(4)
  })

  test('is said once when the success was lost and WeChat repeats the push, or pushes twice', async () => {
    const { people, settle, control, sandbox, address } = town()
    const gate = await openGate(() => address)
    await control.post('/_sandbox/settings', { retryDelayMs: 10 })
    await control.post('/_sandbox/faults', { callbacks: { duplicate: 1 } })
    sandbox.setCallbackBase(gate.url)
    const customer = await people.arrive()
    const release = await hold('temp_bindings')
    const lost = gate.hold(PATH, 'answer')
    const seen = customer.writeOfficial(customer.phone)
    await lost.reached
    lost.drop()
    await release()
    expect(await seen).toBeNull()
    await until(customer, CLAIMED)
    await settle()
    expect(await told(customer)).toEqual([CLAIMED])
    expect((await pushes()).flatMap(({ attempts }) => attempts)).toHaveLength(3)
    sandbox.setCallbackBase(address)
    await gate.close()
  })

  test('when it is never decided, he is asked to say it again', async () => {
    const { settle, db } = town()
    const customer = await claimant()
    await customer.writeOfficial('你好')
    await addJob(db, 'official.answer', {
      payload: { openid: customer.officialOpenid, key: 'a push that died' },
      maxAttempts: 1,
    })
    await settle()
    expect(await told(customer)).toEqual([GREETING, CLAIMED, HELP, SAY_AGAIN])
  })

  test('an account that may not write by itself lets him wait', async () => {
    const customer = await silent().people.arrive()
    const release = await hold('temp_bindings', silent())
    const seen = customer.writeOfficial(customer.phone)
    await new Promise((resolve) => setTimeout(resolve, 4_200))
    await release()
    expect(await seen).toBe(CLAIMED)
  })
})
