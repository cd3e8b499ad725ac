import { describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { addLongAgo } from '../test/long-ago.ts'
import { holdPeople, queued } from '../test/locks.ts'
import { memberBrowsers, type MemberBrowser } from '../test/member-browser.ts'
import { addJob, listJobs } from '../test/job-desk.ts'
import { tenSecondsPass } from '../test/ten-seconds.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const { signedIn } = memberBrowsers(town, HOME)

const because = { reason: '门店核对身份证', operatorUserid: 'chenjing' }
const mask = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

type Asked = {
  reviewId: number
  kind: string
  hint: string
  choices: { choice: string; phoneMasked: string }[]
}
const missing = async (browser: MemberBrowser): Promise<Asked[]> =>
  (await browser.get('/api/staff/phone-missing')).json().data.items
const chosen = ({ choices }: Asked, phone: string): string =>
  choices.find(({ phoneMasked }) => phoneMasked === mask(phone))!.choice
const tap = (
  browser: MemberBrowser,
  { reviewId }: Asked,
  { choice, headers }: { choice: string; headers?: Record<string, string> },
) =>
  browser.post(`/api/staff/reviews/${String(reviewId)}/confirm`, {
    body: { choice },
    ...(headers && { headers }),
  })
const confirm = (browser: MemberBrowser, asked: Asked, phone: string) =>
  tap(browser, asked, { choice: chosen(asked, phone) })

const takeBack = (browser: MemberBrowser, { reviewId }: Asked) =>
  browser.post(`/api/staff/reviews/${String(reviewId)}/take-back`)
const codeOf = (reply: { json: () => any }): string | undefined => reply.json().error?.code

const tenSecondsLater = () => tenSecondsPass(town())

const pull = async (): Promise<void> => {
  await town().server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)
  await town().settle()
}
const editRemark = async (customer: Person): Promise<void> => {
  await town().control.post('/_sandbox/members/zhangsan/edit', {
    phone: customer.phone,
    remark: '老客户',
  })
  await town().settle()
}

/** 张三 has searched his phone and noted these numbers. */
async function searched(remarkMobiles: (phone: string) => string[]): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone, { remarkMobiles: remarkMobiles(customer.phone) })
  await settle()
  return customer
}

/** And one of the numbers is for 张三 to confirm. */
async function unsure(other = inventPhone()) {
  const customer = await searched((phone) => [phone, other])
  const zhangsan = await signedIn()
  const [asked] = await missing(zhangsan)
  return { customer, other, zhangsan, asked: asked! }
}

test('a tap is an answer: what was added long ago, and is confirmed today, is known as of today', async () => {
  const { people, settle } = town()
  const customer = await people.arrive()
  await addLongAgo(town(), 300, () =>
    people.add('zhangsan', customer.phone, { remarkMobile: 'empty' }),
  )
  await town().control.post('/_sandbox/members/zhangsan/edit', {
    phone: customer.phone,
    remark: '客户',
    mobiles: [customer.phone],
  })
  await settle()
  const zhangsan = await signedIn()
  const asked = (await missing(zhangsan)).find(({ kind }) => kind === 'phone_seen_late')!
  expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
  await tenSecondsLater()
  expect((await people.load('SO-1', customer.phone)).data).toMatchObject({ state: 'attached' })
})

describe('who is asked for a tap (D6)', () => {
  test("several numbers: one tap of that member, and of no other, says which is the customer's own", async () => {
    const { db, settle } = town()
    const { customer, other, zhangsan, asked } = await unsure()
    await customer.signIn()
    await settle()
    expect(await customer.me()).toMatchObject({ canQuery: false })
    const lisi = await signedIn('lisi')
    expect(asked).toMatchObject({
      kind: 'several_phones',
      choices: [{ phoneMasked: mask(customer.phone) }, { phoneMasked: mask(other) }],
    })
    expect(await missing(lisi)).toEqual([])
    expect(JSON.stringify(asked)).not.toContain(customer.phone)
    expect((await confirm(lisi, asked, customer.phone)).status).toBe(404)
    expect((await tap(zhangsan, asked, { choice: 'made-up' })).json().error.code).toBe(
      'staff.not_noted',
    )
    const said = (await confirm(zhangsan, asked, customer.phone)).json().data
    expect(said).toEqual({ phoneMasked: mask(customer.phone), effectiveAt: expect.any(String) })
    expect((await confirm(zhangsan, asked, customer.phone)).json().data).toEqual(said)
    expect(codeOf(await confirm(zhangsan, asked, other))).toBe('staff.number_chosen')
    await tenSecondsLater()
    expect(codeOf(await confirm(zhangsan, asked, customer.phone))).toBe('staff.unknown_review')
    expect(await customer.me()).toMatchObject({ canQuery: true, phoneMasked: mask(customer.phone) })
    expect(await db('operation_log').where({ operation: 'contact.phone_confirmed' })).toMatchObject(
      [
        {
          operator_userid: 'zhangsan',
          after: { phone: mask(customer.phone) },
          before: { review: 'several_phones' },
        },
      ],
    )
    await pull()
    expect(await missing(zhangsan)).toEqual([])
    expect(await customer.me()).toMatchObject({ canQuery: true })
  })

  test('nobody, about a customer whom the member has no more', async () => {
    const { control, settle } = town()
    const { customer, zhangsan, asked } = await unsure()
    expect(asked).toMatchObject({ kind: 'several_phones' })
    await control.post('/_sandbox/members/zhangsan/remove', { phone: customer.phone })
    await settle()
    expect(await missing(zhangsan)).toEqual([])
  })

  test('nobody, about a number that the customer searched by', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.add('lisi', customer.phone, {
      remarkMobiles: [customer.phone, inventPhone()],
      initiatedBy: 'customer',
    })
    await settle()
    expect(await missing(await signedIn('lisi'))).toEqual([])
  })

  test('nobody any more, when an admin has vouched for a number', async () => {
    const { server } = town()
    const customer = await searched((phone) => [phone, inventPhone()])
    await customer.signIn()
    const vouched = await server.post(
      '/api/wework/manual-bind',
      {
        customerPhone: customer.phone,
        wechatOpenid: customer.openid,
        weworkUserid: customer.externalUserid,
        override: true,
        ...because,
      },
      ADMIN_KEY,
    )
    expect(vouched).toMatchObject({ status: 200, body: { data: { canQuery: true } } })
    await editRemark(customer)
    expect(await missing(await signedIn())).toEqual([])
  })

  test('the admin instead, about a number that belongs to another contact, however often the member confirms it', async () => {
    const { server } = town()
    const owner = await searched((phone) => [phone])
    const { customer, zhangsan, asked } = await unsure(owner.phone)
    expect((await confirm(zhangsan, asked, owner.phone)).json().error.code).toBe(
      'staff.phone_proven_for_other_contact',
    )
    expect((await confirm(zhangsan, asked, owner.phone)).json().error.code).toBe(
      'staff.phone_proven_for_other_contact',
    )
    expect(await missing(zhangsan)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'phone_proven_for_other_contact',
          hint: expect.stringContaining('管理员'),
        }),
      ]),
    )
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
    await tenSecondsLater()
    const left = (await server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items as Asked[]
    expect(left.map(({ kind }) => kind)).toEqual(['phone_proven_for_other_contact'])
  })
})

describe('one tap of the member (D6)', () => {
  test('is refused for a number that has left the remark, which is asked about again; nothing else is believed', async () => {
    const { control } = town()
    const { customer, other, zhangsan, asked } = await unsure()
    await control.post('/_sandbox/members/zhangsan/remark', {
      phone: customer.phone,
      mobiles: [other],
    })
    expect((await confirm(zhangsan, asked, customer.phone)).json().error.code).toBe(
      'staff.not_noted',
    )
    await pull()
    expect((await missing(zhangsan)).map(({ kind }) => kind).toSorted()).toEqual([
      'phone_changed',
      'several_phones',
    ])
  })

  test.each([
    ['nobody', false],
    ['only a colleague', true],
  ])('is worth nothing when WeCom says that %s has the customer now', async (_, colleague) => {
    const { people, control, settle } = town()
    const { customer, zhangsan, asked } = await unsure()
    if (colleague) await people.add('lisi', customer.phone, { addWay: 1 })
    await people.load('SO-GONE', customer.phone)
    await settle()
    await control.post('/_sandbox/faults', { callbacks: { drop: 1 } })
    await control.post(`/_sandbox/people/${customer.personId}/remove-member`, {
      userid: 'zhangsan',
    })
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(409)
    await control.post('/_sandbox/faults', { clear: true })
    await customer.signIn()
    await settle()
    expect((await customer.projects()).status).toBe(403)
  })

  /** WeCom shows no unionid any more, we know it from before: so a tap waits for it, and the look before it does not. */
  async function tapsThatWait(count: number) {
    const { db, control } = town()
    const { customer, zhangsan, asked } = await unsure()
    await control.post('/_sandbox/faults', { unionidUnavailable: 'wecom' })
    const release = await holdPeople(db, `unionid:${customer.unionid!}`)
    const taps = Array.from({ length: count }, () => confirm(zhangsan, asked, customer.phone))
    await queued(db, count)
    return { asked, taps, release }
  }

  test('twice at once is one action in the operation log', async () => {
    const { taps, release } = await tapsThatWait(2)
    await release()
    const [one, other] = (await Promise.all(taps)).map((reply) => reply.json().data)
    expect([one.effectiveAt, other]).toEqual([expect.any(String), one])
    await tenSecondsLater()
    const operations = await town().db('operation_log').orderBy('id').pluck('operation')
    expect(operations).toEqual(['question.answered', 'contact.phone_confirmed'])
  })

  test('looks at his own remark, whoever has added the customer before him', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.add('lisi', customer.phone, { addWay: 1 })
    await settle()
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, inventPhone()] })
    await settle()
    const zhangsan = await signedIn()
    const [asked] = await missing(zhangsan)
    expect((await confirm(zhangsan, asked!, customer.phone)).status).toBe(200)
  })

  test('comes too late when an admin has closed the question meanwhile', async () => {
    const { server, db } = town()
    const { asked, taps, release } = await tapsThatWait(1)
    expect(
      (await server.post(`/api/admin/reviews/${String(asked.reviewId)}/close`, because, ADMIN_KEY))
        .status,
    ).toBe(200)
    await release()
    expect((await taps[0]!).status).toBe(404)
    expect(await db('evidence').where({ kind: 'phone_search' })).toEqual([])
  })

  test('in a follow that ended proves nothing of the next one', async () => {
    const { people, control, settle } = town()
    const { customer, other, zhangsan, asked } = await unsure()
    await people.load('SO-AGAIN', customer.phone)
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
    await tenSecondsLater()
    await customer.signIn()
    expect((await customer.projects()).status).toBe(200)
    await control.post('/_sandbox/members/zhangsan/remove', { phone: customer.phone })
    await settle()
    expect((await customer.projects()).status).toBe(401)
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // the platform's times have whole seconds
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, other] })
    await settle()
    await customer.signIn()
    expect((await customer.projects()).status).toBe(403)
    expect((await missing(zhangsan)).map(({ kind }) => kind)).toEqual(['several_phones'])
  })

  test('does not wake a permission that rests, when its number joins the customer with an imported order', async () => {
    const { control, people, db } = town()
    await control.post('/_sandbox/faults', { unionidUnavailable: true })
    const account = await people.arrive()
    const { customer: contact, zhangsan, asked } = await unsure()
    await people.load('SO-MERGE', contact.phone)
    await bindByCode(town(), account, contact)
    await control.post('/_sandbox/faults', { clear: true })
    await editRemark(contact)
    await account.signIn()
    expect(await db('reviews').where({ kind: 'unionid_mismatch' })).toHaveLength(1)
    expect((await confirm(zhangsan, asked, contact.phone)).status).toBe(200)
    await tenSecondsLater()
    await account.signIn()
    expect(await account.me()).toMatchObject({ canQuery: false })
  })

  test.each([
    ['no header of ours', { 'X-Staff-Page': '' }],
    ['another origin', { 'X-Staff-Page': '1', Origin: 'https://evil.example' }],
    ['no origin that it would name', { 'X-Staff-Page': '1', Origin: 'null' }],
  ])('cannot be made by a web site with %s', async (_, headers) => {
    const { customer, zhangsan, asked } = await unsure()
    const forged = await tap(zhangsan, asked, {
      choice: chosen(asked, customer.phone),
      headers: headers as Record<string, string>,
    })
    expect([forged.status, forged.json().error.code]).toEqual([403, 'staff.foreign_request'])
  })

  test('is written down masked, and printed nowhere', async () => {
    const { db, lines } = town()
    const { customer, other, zhangsan, asked } = await unsure()
    expect((await confirm(zhangsan, asked, customer.phone)).json().data).toMatchObject({
      phoneMasked: mask(customer.phone),
    })
    const waiting = JSON.stringify(await db('reviews'))
    for (const phone of [customer.phone, other]) expect(waiting).not.toContain(phone)
    await tenSecondsLater()
    const kept = JSON.stringify([
      lines,
      ...(await Promise.all(
        ['operation_log', 'binding_history', 'reviews', 'evidence'].map((table) => db(table)),
      )),
    ])
    for (const phone of [customer.phone, other]) expect(kept).not.toContain(phone)
    expect(await db('operation_log').orderBy('id').pluck('operation')).toEqual([
      'question.answered',
      'contact.phone_confirmed',
    ])
    expect(
      await db('binding_history')
        .where({ decision: 'the member confirmed the number' })
        .select('outcome', 'actor', 'phone_masked'),
    ).toEqual([{ outcome: 'prove phone', actor: 'zhangsan', phone_masked: mask(customer.phone) }])
  })
})

describe('a tap counts after ten seconds, as every answer', () => {
  const proofs = () => town().db('evidence').where({ kind: 'phone_search' }).whereNull('revoked_at')
  /** An order of his waits, and he looks. */
  async function looking() {
    const unsureOf = await unsure()
    await town().people.load('SO-TEN', unsureOf.customer.phone)
    await unsureOf.customer.signIn()
    return unsureOf
  }

  test('until then nothing is believed; the list says what was said, and when it counts', async () => {
    const { customer, zhangsan, asked } = await looking()
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
    await town().settle()
    expect([await proofs(), (await customer.projects()).status]).toEqual([[], 403])
    expect(await missing(zhangsan)).toMatchObject([
      { answer: { phoneMasked: mask(customer.phone), effectiveAt: expect.any(String) } },
    ])
    expect((await zhangsan.get('/staff/')).text).toContain(
      `已回答「${mask(customer.phone)} 是客户本人的」`,
    )
    await tenSecondsLater()
    expect((await customer.projects()).status).toBe(200)
  })

  test('who said it takes it back, and may say something else; nobody else can', async () => {
    const { customer, other, zhangsan, asked } = await looking()
    expect((await confirm(zhangsan, asked, other)).status).toBe(200)
    expect(codeOf(await takeBack(await signedIn('lisi'), asked))).toBe('questions.unknown')
    expect((await takeBack(zhangsan, asked)).json().data).toEqual({ takenBack: true })
    expect(codeOf(await takeBack(zhangsan, asked))).toBe('questions.unknown')
    await tenSecondsLater()
    expect(await proofs()).toEqual([])
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
    await tenSecondsLater()
    expect((await customer.projects()).status).toBe(200)
    expect(codeOf(await takeBack(zhangsan, asked))).toBe('questions.too_late')
    const log = town().db('operation_log').where({ operator_userid: 'zhangsan' })
    expect(await log.orderBy('id').pluck('operation')).toEqual([
      'question.answered',
      'question.answer_taken_back',
      'question.answered',
      'contact.phone_confirmed',
    ])
  })

  test('though the process that took it died: the sweep finds it, once', async () => {
    const { customer, zhangsan, asked } = await looking()
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
    await town().db.raw(
      `select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs where task_identifier = 'questions.take-effect'))`,
    )
    expect(await listJobs(town().db, 'questions.take-effect')).toEqual([])
    town().clock.advance(10_001)
    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      await addJob(town().db, 'questions.sweep')
      await town().settle()
    }
    town().clock.advance(-10_001)
    expect((await customer.projects()).status).toBe(200)
    expect(
      await town().db('operation_log').where({ operation: 'contact.phone_confirmed' }),
    ).toHaveLength(1)
  })

  test('a number that leaves the remark meanwhile is asked about again', async () => {
    const { customer, other, zhangsan, asked } = await looking()
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
    await town().control.post('/_sandbox/members/zhangsan/remark', {
      phone: customer.phone,
      mobiles: [other],
    })
    await tenSecondsLater()
    expect([await proofs(), (await customer.projects()).status]).toEqual([[], 403])
    expect((await missing(zhangsan)).every((one) => !('answer' in one))).toBe(true)
    expect(town().lines.filter((line) => line.includes('it is asked again'))).toHaveLength(1)
  })

  test('a follow that ends and begins again meanwhile is not the one he spoke of', async () => {
    const { people, control, settle } = town()
    const { customer, other, zhangsan, asked } = await looking()
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
    await control.post('/_sandbox/members/zhangsan/remove', { phone: customer.phone })
    await settle()
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // the platform's times have whole seconds
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, other] })
    await settle()
    await tenSecondsLater()
    expect(await proofs()).toEqual([])
  })

  test('of two colleagues who have him, one takes back while the other confirms: the other counts alone', async () => {
    const { people, settle } = town()
    const { customer, other, zhangsan, asked } = await looking()
    await people.add('lisi', customer.phone, { remarkMobiles: [customer.phone, inventPhone()] })
    await settle()
    const lisi = await signedIn('lisi')
    const [askedToo] = await missing(lisi)
    expect((await confirm(zhangsan, asked, other)).status).toBe(200)
    const [tookBack, confirmed] = await Promise.all([
      takeBack(zhangsan, asked),
      confirm(lisi, askedToo!, customer.phone),
    ])
    expect([tookBack.status, confirmed.status]).toEqual([200, 200])
    await tenSecondsLater()
    expect((await customer.projects()).status).toBe(200)
    expect(await proofs()).toMatchObject([{ member_userid: 'lisi' }])
  })

  test('admins see who said what, and may take it back', async () => {
    const { server } = town()
    const { customer, zhangsan, asked } = await looking()
    expect((await confirm(zhangsan, asked, customer.phone)).status).toBe(200)
    expect((await server.get('/api/admin/questions', ADMIN_KEY)).body.data.items).toMatchObject([
      { id: asked.reviewId, answer: { answer: 'same', by: 'zhangsan', isEffective: false } },
    ])
    expect(
      (
        await server.post(
          `/api/admin/questions/${String(asked.reviewId)}/take-back`,
          undefined,
          ADMIN_KEY,
        )
      ).status,
    ).toBe(200)
    await tenSecondsLater()
    expect(await proofs()).toEqual([])
  })
})
