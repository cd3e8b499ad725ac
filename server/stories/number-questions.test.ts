import { beforeEach, describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { addLongAgo, ordersOf } from '../test/long-ago.ts'
import { memberBrowsers, type MemberBrowser } from '../test/member-browser.ts'
import { ADMIN_KEY, useTown, type Town } from '../test/town.ts'
import { addJob, listJobs, runJobsNow } from '../test/job-desk.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const night = useTown({
  PUBLIC_BASE_URL: HOME,
  STAFF_QUIET_HOURS: '21:00-08:00',
  TIME_ZONE: 'Asia/Shanghai',
})
const { signedIn } = memberBrowsers(town, HOME)
const HOUR = 3_600_000

beforeEach(() => {
  for (const { clock } of [town(), night()]) clock.advance(Date.now() - clock.now().getTime())
})

type Of = { userid?: string; more?: object; at?: Town }

/** A customer whom `userid` has added. */
async function added({ userid = 'zhangsan', at = town() }: Of = {}): Promise<Person> {
  const customer = await at.people.arrive({ name: '山水有相逢' })
  await at.people.add(userid, customer.phone)
  await at.settle()
  await customer.signIn()
  return customer
}

/** And an order of his number that names somebody else: of that one staff are asked. */
async function asked(of: Of = {}): Promise<Person> {
  const customer = await added(of)
  await contradict(customer, of)
  return customer
}
async function contradict({ phone }: Person, { more = {}, at = town() }: Of = {}): Promise<void> {
  await at.people.load(`SO-A-${phone.slice(2)}`, phone, { customerName: '王建国' })
  await at.people.load(`SO-Y-${phone.slice(2)}`, phone, { customerName: '李梅', ...more })
  await at.settle()
}

const idOfOnly = async (at = town()): Promise<number> =>
  (await at.db('reviews').where({ kind: 'number' }))[0].id
const listed = async (browser: MemberBrowser) =>
  (await browser.get('/api/staff/questions')).json().data.items as Record<string, any>[]
const answer = (browser: MemberBrowser, id: number, body: object = { answer: 'same' }) =>
  browser.post(`/api/staff/questions/${String(id)}/answer`, { body })
const takeBack = (browser: MemberBrowser, id: number) =>
  browser.post(`/api/staff/questions/${String(id)}/take-back`)
const adminAnswers = async (id: number, body: object) =>
  town().server.post(
    `/api/admin/questions/${String(id)}/answer`,
    { reason: '电话核实', ...body },
    ADMIN_KEY,
  )
const errorOf = (reply: { status: number; json: () => any }) => [
  reply.status,
  reply.json().error?.code,
]

async function run(job: string, at = town()): Promise<void> {
  await addJob(at.db, job)
  await at.settle()
}
async function tenSecondsLater(): Promise<void> {
  town().clock.advance(10_001)
  await run('questions.sweep')
}

describe('who is asked about a number (ownership.md, 4)', () => {
  test('who proved it, and the designer and the manager of the order that is not clear; each sees it, nobody else does', async () => {
    await asked({ more: { designerUserid: 'chenjing', projectManagerUserid: 'wumin' } })
    await town().control.post('/_sandbox/members', { userid: 'wumin', name: '吴敏' })
    for (const userid of ['zhangsan', 'chenjing', 'wumin']) {
      expect(await listed(await signedIn(userid))).toMatchObject([
        { kind: 'number', about: { names: ['王建国'], contactName: '山水有相逢' } },
      ])
    }
    const lisi = await signedIn('lisi')
    expect(await listed(lisi)).toEqual([])
    expect((await lisi.get('/staff/')).text).not.toContain('号码换人？')
  })

  test('another member can neither answer nor take back, and does not learn who did, while it waits and when it is over', async () => {
    await asked()
    const [id, zhangsan, lisi] = [await idOfOnly(), await signedIn(), await signedIn('lisi')]
    const unknown = [404, 'questions.unknown']
    expect([errorOf(await answer(lisi, id)), errorOf(await takeBack(lisi, id))]).toEqual([
      unknown,
      unknown,
    ])
    expect((await answer(zhangsan, id)).status).toBe(200)
    expect([errorOf(await answer(lisi, id)), errorOf(await takeBack(lisi, id))]).toEqual([
      unknown,
      unknown,
    ])
    await tenSecondsLater()
    expect([errorOf(await answer(lisi, id)), errorOf(await takeBack(lisi, id))]).toEqual([
      unknown,
      unknown,
    ])
    expect(await town().db('operation_log').where({ operator_userid: 'lisi' })).toEqual([])
  })

  test('the designer of an order of the number that is clear is not asked about the other', async () => {
    const { phone } = await asked()
    await town().people.load(`SO-A-${phone.slice(2)}`, phone, { designerUserid: 'chenjing' })
    expect(await listed(await signedIn('chenjing'))).toEqual([])
    expect(errorOf(await answer(await signedIn('chenjing'), await idOfOnly()))).toEqual([
      404,
      'questions.unknown',
    ])
  })

  test('userids compare without regard to case: who is asked, who is told once, who takes back', async () => {
    await asked({ more: { designerUserid: 'ZhangSan', projectManagerUserid: 'CHENJING' } })
    const [id, chenjing] = [await idOfOnly(), await signedIn('chenjing')]
    expect(await listed(chenjing)).toHaveLength(1)
    expect((await adminAnswers(id, { answer: 'same', operatorUserid: 'ChenJing' })).status).toBe(
      200,
    )
    expect((await takeBack(chenjing, id)).status).toBe(200)
    await run('staff.tell-questions')
    expect(await town().db('question_notices').orderBy('userid').pluck('userid')).toEqual([
      'chenjing',
      'zhangsan',
    ])
  })

  test('who has left the company is not asked, whatever the case in which an order names him', async () => {
    await asked({ more: { designerUserid: 'Leaving' } })
    await town()
      .db('members')
      .insert({ userid: 'leaving', standing: 'gone', checked_at: new Date() })
    await run('staff.tell-questions')
    expect(await town().db('question_notices').pluck('userid')).toEqual(['zhangsan'])
  })
})

describe('the answer of a member', () => {
  test('the second is told by name who gave the first, also when that counts already', async () => {
    await asked({ more: { designerUserid: 'chenjing' } })
    const [id, zhangsan, chenjing] = [
      await idOfOnly(),
      await signedIn(),
      await signedIn('chenjing'),
    ]
    expect((await answer(zhangsan, id)).status).toBe(200)
    const second = await answer(chenjing, id, { answer: 'changed' })
    expect([...errorOf(second), second.json().message]).toEqual([
      409,
      'questions.answered',
      '张三 已经回答了这个问题',
    ])
    expect(errorOf(await takeBack(chenjing, id))).toEqual([409, 'questions.not_yours'])
    await tenSecondsLater()
    expect((await answer(chenjing, id)).json().message).toBe('张三 已经回答了这个问题')
    expect(errorOf(await takeBack(zhangsan, id))).toEqual([409, 'questions.too_late'])
  })

  test('不清楚 hands it to admins: the members see it no more and can answer it no more, and the log warns', async () => {
    const customer = await asked({ more: { designerUserid: 'chenjing' } })
    const [id, zhangsan, chenjing] = [
      await idOfOnly(),
      await signedIn(),
      await signedIn('chenjing'),
    ]
    expect((await answer(zhangsan, id, { answer: 'unknown' })).status).toBe(200)
    await tenSecondsLater()
    for (const browser of [zhangsan, chenjing]) {
      expect(await listed(browser)).toEqual([])
      expect(errorOf(await answer(browser, id))).toEqual([409, 'questions.for_admins'])
    }
    expect(await ordersOf(customer)).toEqual([`SO-A-${customer.phone.slice(2)}`])
    expect(
      town().lines.filter((line) => line.includes('does not know whose a number is')),
    ).toHaveLength(1)
    expect(
      (await town().server.get('/api/admin/questions', ADMIN_KEY)).body.data.items,
    ).toMatchObject([{ id, escalated: true }])
    expect((await adminAnswers(id, { answer: 'same' })).status).toBe(200)
    await tenSecondsLater()
    expect(await ordersOf(customer)).toHaveLength(2)
  })

  test('号码换人了 for some of the orders leaves the others with nobody: the next owner does not read them', async () => {
    const customer = await town().people.arrive()
    await addLongAgo(town(), 365, () => town().people.add('zhangsan', customer.phone))
    await customer.signIn()
    for (const orderNo of ['SO-NEXT', 'SO-WHOSE']) await town().people.load(orderNo, customer.phone)
    expect(
      (await town().server.post('/api/projects/ask-advisor', undefined, customer.token)).status,
    ).toBe(200)
    expect(
      (await answer(await signedIn(), await idOfOnly(), { answer: 'changed', orders: ['SO-NEXT'] }))
        .status,
    ).toBe(200)
    await tenSecondsLater()
    town().clock.advance(Date.now() - town().clock.now().getTime())
    const owner = await town().people.arrive({ name: '李梅' })
    await town().people.add('lisi', owner.phone, { remarkMobiles: [customer.phone] })
    await town().settle()
    await owner.signIn()
    expect(await ordersOf(owner)).toEqual(['SO-NEXT'])
  })

  test('of an order that a customer named by its number, the page says so, and 不是这位客户的 gives it to nobody', async () => {
    const customer = await added()
    await town().people.load('SO-W', inventPhone(), { designerUserid: 'chenjing' })
    expect(
      (await town().server.post('/api/projects/claim', { orderNo: 'SO-W' }, customer.token)).status,
    ).toBe(404)
    const chenjing = await signedIn('chenjing')
    const { text } = await chenjing.get('/staff/')
    for (const words of ['输入了订单号的客户', '山水有相逢', '不是这位客户的'])
      expect(text).toContain(words)
    for (const words of ['号码换人了', 'name="since"']) expect(text).not.toContain(words)
    await answer(chenjing, await idOfOnly(), { answer: 'changed' })
    await tenSecondsLater()
    expect([await ordersOf(customer), await listed(chenjing)]).toEqual([[], []])
  })
})

describe('a member is told of open questions', () => {
  type Card = { type: string; title?: string; url?: string }
  const heardBy = async (userid: string, at = town()): Promise<Card[]> =>
    (await at.control.get(`/_sandbox/members/${userid}/inbox`)).body
  const titlesOf = async (userid: string, at = town()): Promise<string[]> =>
    (await heardBy(userid, at))
      .flatMap(({ title }) => title ?? [])
      .filter((title) => title.includes('核实'))
  const tell = (at = town()) => run('staff.tell-questions', at)
  /** That hour of the day in Shanghai, the next time it comes. */
  const goTo = (hour: number, at = night()): void => {
    const { clock } = at
    clock.advance(
      ((hour - 8) * HOUR - (clock.now().getTime() % (24 * HOUR)) + 24 * HOUR) % (24 * HOUR),
    )
  }

  test('in one message for all that a load raised, a minute later, with the way to the page and no phone in it', async () => {
    const customers = [await asked(), await asked(), await asked({ userid: 'lisi' })]
    const [waiting] = await listJobs(town().db, 'staff.tell-questions')
    expect(waiting.run_at.getTime() - Date.now()).toBeLessThanOrEqual(60_000)
    expect([await titlesOf('zhangsan'), await titlesOf('lisi')]).toEqual([[], []])
    await tell()
    const card = (await heardBy('zhangsan')).find(({ type }) => type === 'textcard')
    expect(card).toMatchObject({
      type: 'textcard',
      title: '有 2 个号码需要您核实',
      url: `${HOME}/staff/?row=questions`,
    })
    expect(await titlesOf('lisi')).toEqual(['有 1 个号码需要您核实'])
    const [ofLisi] = await listed(await signedIn('lisi'))
    const { url } = (await heardBy('lisi')).find(({ title }) => title?.includes('核实') === true)!
    expect(url).toBe(`${HOME}/staff/?row=question-${String(ofLisi!['id'])}`)
    for (const { phone } of customers) expect(JSON.stringify(card)).not.toContain(phone)
  })

  test('once a day, however often somebody looks and whatever else is asked; the next day again of what is open', async () => {
    const [first, second] = [await added({ at: night() }), await added({ at: night() })]
    goTo(10)
    await contradict(first, { at: night() })
    for (let looks = 0; looks < 3; looks += 1) await tell(night())
    await contradict(second, { at: night() })
    await tell(night())
    expect(await titlesOf('zhangsan', night())).toEqual(['有 1 个号码需要您核实'])
    goTo(9)
    await tell(night())
    expect(await titlesOf('zhangsan', night())).toEqual([
      '有 1 个号码需要您核实',
      '有 2 个号码需要您核实',
    ])
  })

  test('the day is that of the company: 00:30 in Shanghai is another day than 23:30, though both are one in London', async () => {
    const { db, clock, settle } = town()
    await asked()
    clock.advance(24 * HOUR - (clock.now().getTime() % (24 * HOUR)) + 15.5 * HOUR) // 15:30Z: 23:30 in Shanghai
    await tell()
    clock.advance(HOUR)
    await tell()
    await settle()
    const days = (await db('question_notices').orderBy('day').select(db.raw('day::text'))).map(
      ({ day }: { day: string }) => day,
    )
    expect([days.length, new Set(days).size]).toEqual([2, 2])
  })

  test('never in quiet hours: the message waits for their end', async () => {
    await asked({ at: night() })
    goTo(23)
    await tell(night())
    expect(await titlesOf('zhangsan', night())).toEqual([])
    const [job] = await listJobs(night().db, 'staff.tell-questions')
    expect([job.run_at.getUTCHours(), job.run_at.getUTCMinutes()]).toEqual([0, 0])
    goTo(8)
    await tell(night())
    expect(await titlesOf('zhangsan', night())).toEqual(['有 1 个号码需要您核实'])
  })

  test('not of what he or somebody else has answered, nor of what is for admins', async () => {
    await asked()
    await adminAnswers(await idOfOnly(), { answer: 'same' })
    await tell()
    await asked({ userid: 'lisi' })
    await town()
      .db('reviews')
      .where({ kind: 'number' })
      .whereNull('answer')
      .update({ escalated_at: new Date() })
    await tell()
    expect([await titlesOf('zhangsan'), await titlesOf('lisi')]).toEqual([[], []])
  })

  test('once though many look at the same time', async () => {
    await asked()
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        addJob(town().db, 'staff.tell-questions', { key: `look-${String(index)}` }),
      ),
    )
    await town().settle()
    expect(await titlesOf('zhangsan')).toHaveLength(1)
  })

  test('again when WeCom refused the message, and no other member twice; an unknown outcome is not tried again', async () => {
    const { control, db, settle } = town()
    const retry = async () => {
      await runJobsNow(db, 'staff.tell-questions')
      await settle()
    }
    await asked()
    await asked({ userid: 'lisi' })
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'message/send', errcode: 45009, times: 1 }],
    })
    await tell()
    expect((await titlesOf('zhangsan')).length + (await titlesOf('lisi')).length).toBe(1)
    await retry()
    expect([await titlesOf('zhangsan'), await titlesOf('lisi')]).toEqual([
      ['有 1 个号码需要您核实'],
      ['有 1 个号码需要您核实'],
    ])
    await db('question_notices').delete()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'message/send', errcode: 0, times: 2, effect: 'after', hangup: true }],
    })
    await tell()
    await retry()
    await tell()
    expect([(await titlesOf('zhangsan')).length, (await titlesOf('lisi')).length]).toEqual([2, 2])
  })
})

describe('what members have not said in a working day is for admins', () => {
  test("a question of a Friday is on Monday: off the members' page, marked in the admins' list, warned of once", async () => {
    await asked()
    const { clock, db } = town()
    const id = await idOfOnly()
    const friday = new Date('2026-06-05T10:00:00+08:00')
    const at = async (text: string) => {
      clock.advance(new Date(text).getTime() - clock.now().getTime())
      await run('questions.sweep')
      return (
        (await town().server.get('/api/admin/questions', ADMIN_KEY)).body.data.items[0].escalated ??
        false
      )
    }
    await db('reviews').where({ id }).update({ opened_at: friday })
    expect(await at('2026-06-07T10:00:00+08:00')).toBe(false)
    expect(await at('2026-06-08T09:59:00+08:00')).toBe(false)
    expect(await at('2026-06-08T10:00:00+08:00')).toBe(true)
    expect(await at('2026-06-08T10:01:00+08:00')).toBe(true)
    expect(
      town().lines.filter((line) => line.includes('members have not said in a working day')),
    ).toHaveLength(1)
    const zhangsan = await signedIn()
    expect([await listed(zhangsan), errorOf(await answer(zhangsan, id))]).toEqual([
      [],
      [409, 'questions.for_admins'],
    ])
  })

  test('one answer that cannot be carried out keeps neither another answer nor the admins waiting', async () => {
    const [first, second, third] = [await asked(), await asked(), await asked()]
    const { db, clock } = town()
    const [broken, fine, late] = await db('reviews')
      .where({ kind: 'number' })
      .orderBy('id')
      .pluck<number[]>('id')
    const given = { answered_by: 'zhangsan', answered_at: clock.now(), effective_at: clock.now() }
    await db('reviews')
      .where({ id: broken })
      .update({
        ...given,
        answer: JSON.stringify({ answer: 'changed', since: 'no day', reason: 'x' }),
      })
    await db('reviews')
      .where({ id: fine })
      .update({ ...given, answer: JSON.stringify({ answer: 'same', reason: 'x' }) })
    await db('reviews')
      .where({ id: late })
      .update({ opened_at: new Date(Date.now() - 7 * 24 * HOUR) })
    await run('questions.sweep')
    expect(await Promise.all([first, second, third].map(ordersOf))).toMatchObject([
      [expect.any(String)],
      [expect.any(String), expect.any(String)],
      [expect.any(String)],
    ])
    expect(
      (await db('reviews').where({ id: late }).first('escalated_at')).escalated_at,
    ).not.toBeNull()
    expect(await listJobs(db, 'questions.sweep').pluck('last_error')).toEqual([
      expect.stringContaining('invalid input syntax'),
    ])
  })

  test('not while an answer waits for its ten seconds', async () => {
    await asked()
    const [id, zhangsan] = [await idOfOnly(), await signedIn()]
    await town()
      .db('reviews')
      .where({ id })
      .update({ opened_at: new Date(Date.now() - 7 * 24 * HOUR) })
    expect((await answer(zhangsan, id)).status).toBe(200)
    await run('questions.sweep')
    expect(await town().db('reviews').where({ id }).first('escalated_at')).toEqual({
      escalated_at: null,
    })
    expect((await takeBack(zhangsan, id)).status).toBe(200)
  })
})
