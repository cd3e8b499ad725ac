import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import {
  BOUND,
  CLAIMED,
  GREETING,
  GREETING_BOUND,
  HELP,
  OWN_PHONE,
} from '../features/official-account/official-account.texts.ts'
import { openGate } from '../test/gate.ts'
import { holdTable } from '../test/locks.ts'
import { OFFICIAL, useTown } from '../test/town.ts'
import { jobsDone, waitFor } from '../test/wait.ts'
import { listJobs } from '../test/job-desk.ts'

const town = useTown(OFFICIAL)

const PATH = '/api/wechat/message'
const told = async (customer: Person): Promise<string[]> =>
  (await customer.officialChat()).filter(({ from }) => from === 'account').map(({ text }) => text)
const calls = async (path: string): Promise<number> =>
  (await town().control.get('/_sandbox/calls')).body.filter((call: { path: string }) =>
    call.path.endsWith(path),
  ).length
const fault = (faults: object) => town().control.post('/_sandbox/faults', faults)
const ties = () => town().db('customer_accounts').where({ app: 'official' }).whereNull('ended_at')
let letGo: (() => Promise<unknown>) | undefined
afterEach(async () => {
  await letGo?.()
  letGo = undefined
})

/** Also of the jobs that look again later. */
const allDone = async () => {
  await town().settle()
  await jobsDone(town().db)
}

/** Bound and allowed to query in the mini-program; the official account has never seen him. */
async function bound(): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.load(`SO-${customer.phone.slice(2)}`, customer.phone, { title: '翠湖花园' })
  await people.add('zhangsan', customer.phone)
  await customer.signIn()
  await settle()
  expect(await customer.me()).toMatchObject({ canQuery: true })
  return customer
}

const WECHAT_WAITS_MS = 5_000

describe('who is bound already and comes to the official account for the first time', () => {
  test('is shown his projects when he asks, and is not told besides that he is bound', async () => {
    const customer = await bound()
    expect(await customer.writeOfficial('查询项目进度')).toContain('翠湖花园')
    await allDone()
    expect(await told(customer)).toHaveLength(1)
    expect(await ties()).toHaveLength(1)
    expect(await calls('/user/info')).toBe(1)
  })

  test('also when he has written something else before, so that he may be written to', async () => {
    const customer = await bound()
    expect(await customer.writeOfficial('你好')).toBe(HELP)
    expect(await calls('/user/info')).toBe(0)
    const release = await holdTable(town().db, 'callback_inbox', 'share') // the answer is being decided for a while
    letGo = release
    const reply = customer.writeOfficial('我的项目')
    await waitFor('the tie', async () => (await ties()).length === 1)
    await waitFor(
      'the message, which waits for the answer',
      async () =>
        (await listJobs(town().db, 'official.tell-bound').where('run_at', '>', town().db.fn.now()))
          .length === 1,
    )
    await release()
    letGo = undefined
    expect(await reply).toContain('翠湖花园')
    await allDone()
    expect(await told(customer)).toHaveLength(2)
    expect(await calls('/message/custom/send')).toBe(0)
  })

  test('is not asked for his phone when he follows, but told that he may query', async () => {
    const customer = await bound()
    expect(await customer.followOfficial()).toBe(GREETING_BOUND)
    expect(GREETING_BOUND).toMatch(
      /^您好，欢迎关注！\n您已完成绑定，发送「查询项目进度」即可查看您的项目。\n如需解绑，/,
    )
    await allDone()
    expect(await told(customer)).toEqual([GREETING_BOUND])
    expect(await calls('/user/info')).toBe(1)
    expect(await customer.writeOfficial('进度')).toContain('翠湖花园')
    await customer.unfollowOfficial()
    await new Promise((resolve) => setTimeout(resolve, 1_000)) // another second: another event
    expect(await customer.followOfficial()).toBe(GREETING_BOUND)
    expect(await calls('/user/info')).toBe(1)
  })

  test('makes no claim and no task for staff when he sends his phone', async () => {
    const customer = await bound()
    expect(await customer.writeOfficial(customer.phone)).toBe(OWN_PHONE)
    await allDone()
    expect(await told(customer)).toEqual([OWN_PHONE])
    expect(await town().db('temp_bindings')).toHaveLength(0)
  })

  test('is told that he is bound after an answer that does not say so', async () => {
    const customer = await bound()
    expect(await customer.writeOfficial('13900000009')).toBe(CLAIMED)
    await allDone()
    expect(await told(customer)).toEqual([CLAIMED, BOUND])
  })

  test('without mini-program too: the contact of the salesperson suffices', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await settle()
    const none = expect.stringContaining('还没有查到您名下的项目')
    expect(await customer.writeOfficial('进度')).toEqual(none)
    await allDone()
    expect(await told(customer)).toEqual([none])
  })

  test('when the account shows his unionid only at his second subscription', async () => {
    const customer = await bound()
    await fault({ unionidUnavailable: 'weixin' })
    expect(await customer.followOfficial()).toBe(GREETING)
    await customer.unfollowOfficial()
    await fault({ clear: true, unionidUnavailable: false })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await customer.followOfficial()).toBe(GREETING_BOUND)
  })
})

describe('who is tied and may not query', () => {
  test('is greeted as everybody, and told when he may', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone, { addWay: 1 })
    await settle()
    expect(await customer.followOfficial()).toBe(GREETING)
    expect(await ties()).toHaveLength(1)
    const stuck = expect.stringMatching(/^请先联系销售人员添加您\n.*用手机号搜索，重新添加您。$/)
    expect(await customer.writeOfficial('进度')).toEqual(stuck)
    await people.add('lisi', customer.phone)
    await allDone()
    expect(await told(customer)).toEqual([GREETING, stuck, BOUND])
  })
})

describe('when WeChat does not say in time who he is', () => {
  test('a failure: he is answered as a stranger, and told when it is known', async () => {
    const customer = await bound()
    await fault({ endpoints: [{ path: 'user/info', errcode: 45009, times: 1 }] })
    expect(await customer.followOfficial()).toBe(GREETING)
    await allDone()
    expect(await told(customer)).toEqual([GREETING, BOUND])
  })

  test('a refusal for good costs nothing but the knowledge', async () => {
    const customer = await bound()
    await fault({ endpoints: [{ path: 'user/info', errcode: 48001, times: 9 }] })
    expect(await customer.followOfficial()).toBe(GREETING)
    await allDone()
    expect(await told(customer)).toEqual([GREETING])
    expect(await calls('/user/info')).toBe(1)
  })

  test('slowness: the reply is there in time, no transaction waits with it, and he is told when it is known', async () => {
    const customer = await bound()
    await fault({ slow: [{ path: 'user/info', ms: 3_500, times: 1 }] })
    const since = Date.now()
    const reply = customer.followOfficial()
    await waitFor(
      'the look-up',
      async () =>
        (
          await town()
            .db('official_notices')
            .where({ kind: 'answer', way: 'reply' })
            .whereNull('taken_at')
        ).length === 1,
    )
    await new Promise((resolve) => setTimeout(resolve, 500))
    // A worker that takes a job is idle in its transaction for a moment as well.
    expect(
      (
        await town().db.raw(
          `select query from pg_stat_activity where datname = current_database() and state like 'idle in transaction%' and state_change < now() - interval '300 ms'`,
        )
      ).rows,
    ).toEqual([])
    expect(await reply).toBe(GREETING)
    expect(Date.now() - since).toBeLessThan(WECHAT_WAITS_MS)
    await allDone()
    await waitFor(
      'the slow answer, which nobody wants any more',
      async () => (await calls('/user/info')) === 2,
    )
    expect(await told(customer)).toEqual([GREETING, BOUND])
  })
})

describe('pushes that come more than once', () => {
  test('twice at the same time: one look-up, one tie, one answer', async () => {
    const customer = await bound()
    await fault({ callbacks: { duplicate: 1 }, slow: [{ path: 'user/info', ms: 300 }] })
    expect(await customer.followOfficial()).toBe(GREETING_BOUND)
    await allDone()
    expect(await told(customer)).toEqual([GREETING_BOUND])
    expect(await calls('/user/info')).toBe(1)
    expect(await ties()).toHaveLength(1)
  })

  describe('the second of which is held up after it has seen that nobody looked the follower up yet', () => {
    /** Whatever comes second is slower than the whole decision about the first. */
    beforeEach(() =>
      town().db.raw(`
      create function hold_up() returns trigger language plpgsql as $$ begin
        if exists (select from official_notices where account_id = new.account_id and kind = 'answer') then perform pg_sleep(0.8); end if;
        return new;
      end $$;
      create trigger hold_up before insert on official_notices for each row when (new.kind = 'answer' and new.way = 'reply') execute function hold_up()`),
    )
    afterEach(() => town().db.raw('drop function hold_up cascade'))

    test('the same word twice: one look-up, one answer', async () => {
      const customer = await bound()
      await fault({ callbacks: { duplicate: 1 }, slow: [{ path: 'user/info', ms: 100 }] })
      expect(await customer.writeOfficial('查询项目进度')).toContain('翠湖花园')
      await allDone()
      expect(await calls('/user/info')).toBe(1)
      expect(await told(customer)).toHaveLength(1)
    })

    test('two words of his at once: one look-up, two answers', async () => {
      const customer = await bound()
      await fault({ slow: [{ path: 'user/info', ms: 500 }] })
      const first = customer.writeOfficial('查询项目进度')
      await waitFor(
        'the look-up',
        async () => (await town().db('official_notices').where({ kind: 'answer' })).length === 1,
      )
      const replies = [customer.writeOfficial('我的项目'), first]
      for (const reply of await Promise.all(replies)) expect(reply).toContain('翠湖花园')
      await allDone()
      expect(await calls('/user/info')).toBe(1)
    })
  })

  test('again because the answer was lost: the same, also when he may query only since then', async () => {
    const { people, control, sandbox, address, settle } = town()
    const customer = await people.arrive()
    const gate = await openGate(() => address)
    await control.post('/_sandbox/settings', { retryDelayMs: 10 })
    sandbox.setCallbackBase(gate.url)
    const held = gate.hold(PATH, 'answer')
    const reply = customer.followOfficial()
    await held.reached
    await people.load('SO-AGAIN', customer.phone)
    sandbox.setCallbackBase(address)
    await people.add('zhangsan', customer.phone)
    await settle()
    held.drop()
    expect(await reply).toBe(GREETING)
    await allDone()
    expect((await told(customer)).toSorted()).toEqual([GREETING, BOUND].toSorted())
    expect(await calls('/user/info')).toBe(1)
    await gate.close()
  })

  test('again because the answer was lost: the same greeting, and nothing besides', async () => {
    const customer = await bound()
    const { control, sandbox, address } = town()
    const gate = await openGate(() => address)
    await control.post('/_sandbox/settings', { retryDelayMs: 10 })
    sandbox.setCallbackBase(gate.url)
    const held = gate.hold(PATH, 'answer')
    const reply = customer.followOfficial()
    await held.reached
    held.drop()
    expect(await reply).toBe(GREETING_BOUND)
    expect(gate.count(PATH)).toBe(2)
    await allDone()
    expect(await told(customer)).toEqual([GREETING_BOUND])
    sandbox.setCallbackBase(address)
    await gate.close()
  })
})
