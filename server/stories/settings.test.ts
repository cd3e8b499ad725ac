import { describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { holdPeople, queued } from '../test/locks.ts'
import { daysAgo } from '../../scripts/play/days.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()
const PATH = '/api/admin/settings'
const read = async () => (await town().server.get(PATH, ADMIN_KEY)).body.data
const change = (body: object) => town().server.put(PATH, body, ADMIN_KEY)

/** A customer who may query, bound by his unionid. */
async function welcome(phone = inventPhone()): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive({ phone })
  await people.add('zhangsan', phone)
  await settle()
  await customer.signIn()
  return customer
}
const items = async (customer: Person) =>
  (await customer.projects()).body.data.items as {
    id: string
    orderNo: string
    status: string
    finished: boolean
  }[]

describe('the settings', () => {
  test('have a default for everything, and keep what a change leaves out', async () => {
    const before = await read()
    expect(before).toMatchObject({
      freshDays: 90,
      goLiveAt: null,
      orderNoDatePattern: null,
      orderFields: [
        { key: 'amount', label: '合同金额', kind: 'money' },
        { key: 'signedAt', label: '签约日期', kind: 'date' },
      ],
    })
    expect((await change({ freshDays: 30 })).body).toMatchObject({
      message: '设置已保存',
      data: { ...before, freshDays: 30 },
    })
    expect(await read()).toEqual({ ...before, freshDays: 30 })
    expect((await change({ orderNoDatePattern: 'SO{yyyy}{MM}{dd}-*' })).status).toBe(200)
    expect(await read()).toEqual({
      ...before,
      freshDays: 30,
      orderNoDatePattern: 'SO{yyyy}{MM}{dd}-*',
    })
  })

  test('a change is logged with before, after and reason; the same again is not', async () => {
    const { db } = town()
    await change({ freshDays: 30, reason: '运营商收紧' })
    expect((await change({ freshDays: 30 })).body).toMatchObject({ message: '内容没有变化' })
    expect(await db('operation_log')).toMatchObject([
      {
        operator_userid: 'ADMIN_KEY',
        operation: 'settings.changed',
        target_id: 'freshDays',
        before: { freshDays: 90 },
        after: { freshDays: 30 },
        reason: '运营商收紧',
      },
    ])
    expect(await db('settings')).toMatchObject([
      { key: 'freshDays', value: 30, updated_by: 'ADMIN_KEY' },
    ])
  })

  test('the day of going live is set once', async () => {
    expect((await change({ goLiveAt: '2026-01-01T00:00:00Z' })).status).toBe(200)
    expect((await change({ goLiveAt: '2026-01-01T08:00:00+08:00' })).status).toBe(200)
    for (const goLiveAt of ['2026-01-02T00:00:00Z', null]) {
      const answer = await change({ goLiveAt, freshDays: 5 })
      expect(answer).toMatchObject({
        status: 409,
        body: {
          error: { code: 'settings.set_once' },
          message: expect.stringContaining('goLiveAt'),
        },
      })
    }
    expect(await read()).toMatchObject({ goLiveAt: '2026-01-01T00:00:00.000Z', freshDays: 90 })
  })

  test('of two days of going live at once, one holds and the other is told', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((day) => change({ goLiveAt: `2026-01-0${String(day)}T00:00:00Z` })),
    )
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      200, 409, 409, 409, 409,
    ])
    expect((await read()).goLiveAt).toBe(
      answers.find(({ status }) => status === 200)!.body.data.goLiveAt,
    )
  })

  test.each<[string, object, string, string]>([
    ['an unknown field', { freshDay: 5 }, 'request.unknown_field', 'freshDay'],
    [
      'an unknown field inside',
      {
        statusWords: { runing: [] },
        orderFields: [{ key: 'a', label: 'b', kind: 'text', show: true }],
      },
      'request.unknown_field',
      'statusWords.runing、orderFields.0.show',
    ],
    ['too many days', { freshDays: 366 }, 'request.invalid', 'freshDays'],
    ['half a day', { freshDays: 1.5 }, 'request.invalid', 'freshDays'],
    [
      'a field twice',
      {
        orderFields: [
          { key: 'a', label: '甲', kind: 'text' },
          { key: 'a', label: '乙', kind: 'text' },
        ],
      },
      'request.invalid',
      'orderFields',
    ],
    [
      'a kind nobody knows',
      { orderFields: [{ key: 'a', label: '甲', kind: 'html' }] },
      'request.invalid',
      'orderFields.0.kind',
    ],
    [
      'a pattern without a day',
      { orderNoDatePattern: 'SO{yyyy}{MM}' },
      'request.invalid',
      'orderNoDatePattern',
    ],
    [
      'an expression as a pattern',
      { orderNoDatePattern: '(\\d+)+{yyyy}{MM}{dd}' },
      'request.invalid',
      'orderNoDatePattern',
    ],
    [
      'a word in both lists',
      { statusWords: { running: ['收尾'], finished: [' 收尾 '] } },
      'settings.word_in_both_lists',
      '收尾',
    ],
    [
      'going live tomorrow',
      { goLiveAt: new Date(Date.now() + 86_400_000).toISOString() },
      'settings.in_future',
      'goLiveAt',
    ],
  ])('refuse %s by name, and change nothing', async (_, body, code, name) => {
    const before = await read()
    expect(await change(body)).toMatchObject({
      status: 400,
      body: { error: { code }, message: expect.stringContaining(name) },
    })
    expect(await read()).toEqual(before)
    expect(await town().db('operation_log')).toEqual([])
  })
})

describe('what customers see of an order (D25)', () => {
  const signedAt = daysAgo(60)
  const order = {
    amount: 186000,
    signedAt,
    cost: 99000,
    margin: '47%',
    备注: '客户难缠',
    payment: '分三期',
    contact: { phone: '13800138000' },
  }

  test('cost, margin, notes and numbers of others do not pass by default, and the company has the whole order', async () => {
    const customer = await welcome()
    await town().people.load('SO-1', customer.phone, { order })
    const { data } = (await customer.project((await items(customer))[0]!.id)).body
    expect(data.order).toEqual({ amount: 186000, signedAt })
    expect(data.orderFields).toEqual([
      { key: 'amount', label: '合同金额', kind: 'money' },
      { key: 'signedAt', label: '签约日期', kind: 'date' },
    ])
    expect(JSON.stringify(data)).not.toMatch(/99000|47%|难缠|13800138000|分三期/)
    expect(await town().db('projects').first('order_info')).toEqual({ order_info: order })
  })

  test('the company names others, in its order; a field without a fitting value has no label either', async () => {
    const customer = await welcome()
    await town().people.load('SO-1', customer.phone, { order })
    const orderFields = [
      { key: 'payment', label: '付款方式', kind: 'text' },
      { key: 'contact', label: '联系人', kind: 'text' },
      { key: 'none', label: '没有', kind: 'text' },
      { key: 'amount', label: '合同金额', kind: 'money' },
    ]
    expect((await change({ orderFields })).status).toBe(200)
    const { data } = (await customer.project((await items(customer))[0]!.id)).body
    expect(data.order).toEqual({ payment: '分三期', amount: 186000 })
    expect(data.orderFields).toEqual([orderFields[0], orderFields[3]])
    await change({ orderFields: [] })
    expect((await customer.project((await items(customer))[0]!.id)).body.data).toMatchObject({
      order: {},
      orderFields: [],
    })
  })

  test('no other place where customers ask tells anything of it', async () => {
    const customer = await welcome()
    await town().people.load('SO-1', customer.phone, { order })
    await customer.say('进度')
    await town().settle()
    expect(JSON.stringify([await items(customer), await customer.chat()])).not.toMatch(
      /99000|186000|47%|难缠|13800138000|分三期/,
    )
  })
})

describe('words and numbers of the company', () => {
  test('a word that is mapped later changes the orders that are there, but not their place in the list', async () => {
    const { people, settle } = town()
    const customer = await welcome()
    const signedAt = new Date().toISOString()
    await people.load('SO-1', customer.phone, { status: '收官', order: { signedAt } })
    await people.load('SO-2', customer.phone, { status: '施工中' })
    const before = await items(customer)
    expect(before.map(({ finished }) => finished)).toEqual([false, false])
    await change({ statusWords: { finished: ['收官'] } })
    await settle()
    expect(await items(customer)).toEqual(
      before.map((item) => ({ ...item, finished: item.orderNo === 'SO-1' })),
    )
    expect(
      await town().db('projects').orderBy('order_no').select('status_kind', 'finished_at'),
    ).toEqual([
      { status_kind: 'finished', finished_at: new Date(signedAt) },
      { status_kind: 'running', finished_at: null },
    ])
  })

  test('a word that nobody mapped is neither running nor finished, whatever it looks like', async () => {
    const { people, db } = town()
    for (const [index, status] of ['未完成', '施工中?', 'x'].entries())
      await people.load(`SO-${String(index)}`, inventPhone(), { status })
    expect(await db('projects').distinct('status_kind', 'finished_at')).toEqual([
      { status_kind: 'unknown', finished_at: null },
    ])
  })

  test('an order number tells when it was signed, also of orders that are there', async () => {
    const { people, db, settle } = town()
    await people.load('SO20240315-7', inventPhone())
    const signedAt = async () =>
      (await db('projects').orderBy('order_no').pluck<(Date | null)[]>('signed_at')).map((at) =>
        at?.toISOString(),
      )
    expect(await signedAt()).toEqual([undefined])
    await change({ orderNoDatePattern: 'SO{yyyy}{MM}{dd}-*' })
    await settle()
    await people.load('SO20240315-8', inventPhone(), {
      order: { signedAt: '2024-02-01T00:00:00Z' },
    })
    await people.load('SO20240230-9', inventPhone())
    expect(await signedAt()).toEqual([
      undefined,
      '2024-03-14T16:00:00.000Z',
      '2024-02-01T00:00:00.000Z',
    ])
  })

  test('a load that began by the former words ends before the words change, and is looked at again', async () => {
    const { people, db, settle } = town()
    const letGo = await holdPeople(db, 'order:SO-1')
    const loading = people.load('SO-1', inventPhone(), { status: '收官' })
    await queued(db, 1)
    const changing = change({ statusWords: { finished: ['收官'] } })
    await queued(db, 2).finally(letGo)
    await Promise.all([loading, changing])
    await settle()
    expect(await db('projects').select('status_kind')).toEqual([{ status_kind: 'finished' }])
  })

  test('a finished order without any day has no day of its own, and is no recent one', async () => {
    const { people, db } = town()
    const phone = inventPhone()
    await people.load('SO-OLD', phone, { status: '已完成' })
    await people.load('SO-SIGNED', phone, {
      status: '已完成',
      order: { signedAt: new Date().toISOString() },
    })
    expect(
      await db('projects').where({ order_no: 'SO-OLD' }).first('status_kind', 'finished_at'),
    ).toEqual({ status_kind: 'finished', finished_at: null })
    expect((await items(await welcome(phone))).map(({ orderNo }) => orderNo)).toEqual(['SO-SIGNED'])
  })
})
