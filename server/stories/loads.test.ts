import { describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { daysAgo, inShanghai } from '../../scripts/play/days.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()

const [SIGNED, DONE, INSTALLED] = [60, 58, 30].map(daysAgo) as [string, string, string]
const FULL = {
  status: '施工中',
  designerUserid: 'zhangsan',
  projectManagerUserid: 'lisi',
  address: '西湖区 1 号',
  stages: [
    { name: '设计', status: 'done', doneAt: inShanghai(DONE), note: '已确认' },
    { name: '安装', status: 'active' },
  ],
  equipment: [{ name: '空调', model: 'K1', serialNo: 'S1', installedAt: INSTALLED }],
  order: { amount: 186000, signedAt: SIGNED, cost: 9 },
}
const mask = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

async function welcome(): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  return customer
}
const detail = async (customer: Person) =>
  (await customer.project((await customer.projects()).body.data.items[0].id)).body.data
const load = async (phone: string, more: object = {}) =>
  (await town().people.load('SO-1', phone, more)).data

describe('a field left out stays', () => {
  test('everything: a load of title and phone takes nothing away', async () => {
    const [customer, viewer] = [await welcome(), await welcome()]
    await load(customer.phone, { ...FULL, viewers: [{ phone: viewer.phone, role: '配偶' }] })
    const before = await detail(customer)
    expect(await load(customer.phone)).toMatchObject({
      created: false,
      changed: false,
      removed: [],
      conflicts: [],
    })
    expect(await detail(customer)).toEqual(before)
    expect(await detail(viewer)).toEqual(before)
  })

  test.each<[string, object, string[]]>([
    ['status', { status: null }, ['status']],
    ['address', { address: null }, ['address']],
    [
      'designer and manager',
      { designerUserid: null, projectManagerUserid: null },
      ['designerUserid', 'projectManagerUserid'],
    ],
    ['stages', { stages: [] }, ['stages: 设计', 'stages: 安装']],
    ['one stage', { stages: [{ name: '设计', status: 'done' }] }, ['stages: 安装']],
    ['equipment', { equipment: [] }, ['equipment: 空调 S1']],
    ['a field of the order', { order: { amount: 186000, signedAt: SIGNED } }, ['order.cost']],
    ['the order', { order: {} }, ['order.amount', 'order.cost', 'order.signedAt']],
    [
      'a note',
      {
        stages: [
          { name: '设计', status: 'done', note: null },
          { name: '安装', status: 'active' },
        ],
      },
      ['stages: 设计.note'],
    ],
  ])('only what is emptied goes, and is named: %s', async (_, more, removed) => {
    const phone = inventPhone()
    await load(phone, FULL)
    const answer = await load(phone, more)
    expect(answer).toMatchObject({ changed: true, conflicts: [] })
    expect(new Set(answer.removed)).toEqual(new Set(removed))
    expect(await load(phone, more)).toMatchObject({ changed: false, removed: [] })
    expect(await town().db('operation_log').orderBy('id')).toMatchObject([
      { operation: 'project.created' },
      { after: { removed: answer.removed } },
    ])
  })

  test('viewers stay when left out, and those who go are named by masked number', async () => {
    const [owner, first, second] = [await welcome(), await welcome(), await welcome()]
    await load(owner.phone, {
      viewers: [{ phone: first.phone, role: '配偶', name: '李雷' }, { phone: second.phone }],
    })
    expect(await load(owner.phone, { address: '新地址' })).toMatchObject({
      changed: true,
      removed: [],
    })
    expect((await second.projects()).body.data.items).toHaveLength(1)
    expect(
      await load(owner.phone, { viewers: [{ phone: first.phone, role: '配偶' }] }),
    ).toMatchObject({ changed: true, removed: [`viewers: ${mask(second.phone)}`] })
    expect((await second.projects()).body.data.items).toEqual([])
    expect(await load(owner.phone, { viewers: [] })).toMatchObject({
      removed: [`viewers: ${mask(first.phone)}`],
    })
    expect(JSON.stringify(await town().db('operation_log'))).not.toMatch(
      new RegExp([owner, first, second].map(({ phone }) => phone).join('|')),
    )
  })

  test('another customer gets the order, and its viewers stay', async () => {
    const [former, owner, viewer] = [await welcome(), await welcome(), await welcome()]
    await load(former.phone, { viewers: [{ phone: viewer.phone }] })
    expect(await load(owner.phone)).toMatchObject({ changed: true, removed: [] })
    for (const [who, count] of [
      [former, 0],
      [owner, 1],
      [viewer, 1],
    ] as const)
      expect((await who.projects()).body.data.items).toHaveLength(count)
  })

  test('a status that nobody stated follows the stages; one that was stated stays', async () => {
    const customer = await welcome()
    const doneAt = new Date().toISOString()
    await load(customer.phone, { stages: [{ name: '设计', status: 'done', doneAt }] })
    expect(await detail(customer)).toMatchObject({ status: '已完成', finished: true })
    await load(customer.phone, {
      stages: [
        { name: '设计', status: 'done' },
        { name: '安装', status: 'pending' },
      ],
    })
    expect(await detail(customer)).toMatchObject({ status: '进行中', finished: false })
    await load(customer.phone, { status: '收尾' })
    await load(customer.phone, { stages: [{ name: '设计', status: 'done' }] })
    expect(await detail(customer)).toMatchObject({ status: '收尾', finished: false })
  })

  test('two loads of different fields at once both count', async () => {
    const customer = await welcome()
    await load(customer.phone)
    const fields = {
      address: '一号',
      status: '施工中',
      designerUserid: 'lisi',
      order: { amount: 5 },
      stages: [{ name: '设计', status: 'active' }],
    }
    await Promise.all(
      Object.entries(fields).map(([key, value]) => load(customer.phone, { [key]: value })),
    )
    expect(await detail(customer)).toMatchObject({
      address: '一号',
      status: '施工中',
      designerUserid: 'lisi',
      order: { amount: 5 },
      stages: [{ name: '设计' }],
    })
  })
})

describe('what is written otherwise is the same', () => {
  test.each<[string, object]>([
    [
      'times in another zone',
      {
        stages: [
          { name: '设计', status: 'done', doneAt: DONE, note: '已确认' },
          { name: '安装', status: 'active', note: null },
        ],
      },
    ],
    [
      'fields of the order in another sequence',
      { order: { cost: 9, signedAt: SIGNED, amount: 186000 } },
    ],
  ])('%s', async (_, more) => {
    const phone = inventPhone()
    await load(phone, FULL)
    expect(await load(phone.replace(/^(\d{3})/, '+86 $1 '), more)).toMatchObject({
      changed: false,
      removed: [],
    })
    expect(await town().db('operation_log')).toHaveLength(1)
  })
})

test('a load that says only whom the order is for is news; the same name again is not, and null takes it back', async () => {
  const phone = inventPhone()
  await load(phone, FULL)
  const nameOf = async () => (await town().db('project_parties').first('name')).name
  for (const [customerName, changed] of [
    ['王小明', true],
    ['王小明', false],
    [undefined, false],
    [null, true],
  ] as const) {
    expect(
      await load(phone, customerName === undefined ? { title: 'SO-1 全屋定制' } : { customerName }),
    ).toMatchObject({ changed })
  }
  expect(await nameOf()).toBeNull()
})

describe('what a load may not say is refused by name, and writes nothing', () => {
  const put = (body: object) =>
    town().server.put(
      '/api/admin/projects/SO-X',
      { title: 'x', customerPhone: '13800138000', ...body },
      ADMIN_KEY,
    )

  test.each<[string, object, string]>([
    ['at the top', { adress: 'x' }, 'adress'],
    ['in a stage', { stages: [{ name: 'a', status: 'done', doneOn: 1 }] }, 'stages.0.doneOn'],
    [
      'in equipment',
      { equipment: [{ name: 'a' }, { name: 'b', serial: 1 }] },
      'equipment.1.serial',
    ],
    ['of a viewer', { viewers: [{ phone: '13800138001', tel: 1 }] }, 'viewers.0.tel'],
    ['several', { a: 1, b: 2, stages: [{ name: 'a', status: 'done', c: 3 }] }, 'a、b、stages.0.c'],
    ['that only the language knows', { toString: 1 }, 'toString'],
  ])('an unknown field %s', async (_, body, name) => {
    const answer = await put(body)
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'request.unknown_field' }, message: expect.stringContaining(name) },
    })
    expect(await town().db('projects')).toEqual([])
  })

  test('an order may hold anything', async () => {
    expect((await put({ order: { anything: { at: ['all'] } } })).status).toBe(200)
    expect(await town().db('projects').first('order_info')).toEqual({
      order_info: { anything: { at: ['all'] } },
    })
  })

  test.each<[string, object, string]>([
    [
      'a stage twice',
      {
        stages: [
          { name: '安装', status: 'done' },
          { name: ' 安装 ', status: 'active' },
        ],
      },
      '安装',
    ],
    [
      'a viewer as the owner',
      { viewers: [{ phone: '13800138001', role: 'owner' }] },
      'customerPhone',
    ],
    ['a name of 61 letters', { customerName: 'x'.repeat(61) }, 'customerName'],
  ])('%s', async (_, body, name) => {
    expect(await put(body)).toMatchObject({
      status: 400,
      body: { error: { code: 'request.invalid' }, message: expect.stringContaining(name) },
    })
    expect(await town().db('projects')).toEqual([])
  })
})
