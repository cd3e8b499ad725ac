import { describe, expect, test } from '@jest/globals'
import { readItem, readSheetRow, type Kept, type ReadRow } from './read-row.ts'
import { HEADINGS, type Column } from './columns.rules.ts'

const MEMBERS: Record<string, string[]> = { 张三: ['zhangsan'], 李强: ['liqiang', 'liqiang2'] }
const KNOWN = { findMember: (name: string) => MEMBERS[name] ?? [], timeZone: 'Asia/Shanghai' }
const FINE = { orderNo: 'SO-1', title: '全屋定制', customerPhone: '13800138000' }

const read = (cells: Partial<Record<Column, Kept>>): ReadRow => {
  const columns = Object.keys(HEADINGS) as Column[]
  const all: Partial<Record<Column, Kept>> = { ...FINE, ...cells }
  return readSheetRow(
    { columns },
    columns.map((column) => all[column] ?? null),
    KNOWN,
  )
}
const orderOf = (cells: Partial<Record<Column, Kept>>) => {
  const found = read(cells)
  return found.kind === 'order' ? found.order : found.reason
}
const reasonOf = (cells: Partial<Record<Column, Kept>>) => {
  const found = read(cells)
  return found.kind === 'rejected' ? found.reason : found
}

describe('a row', () => {
  test('says what its cells say, and nothing where they are empty', () => {
    expect(orderOf({ status: '', address: null })).toEqual({
      orderNo: 'SO-1',
      body: { title: '全屋定制', customerPhone: '13800138000' },
      patch: {},
    })
    expect(
      orderOf({
        customerName: '王建国',
        status: '施工中',
        stage: '安装',
        designer: '张三',
        projectManager: 'lisi',
        signedAt: '2026-05-01',
        address: '西湖区 1 号',
      }),
    ).toEqual({
      orderNo: 'SO-1',
      body: {
        ...FINE,
        orderNo: undefined,
        customerName: '王建国',
        status: '施工中',
        designerUserid: 'zhangsan',
        projectManagerUserid: 'lisi',
        address: '西湖区 1 号',
      },
      patch: { stage: '安装', signedAt: '2026-04-30T16:00:00.000Z' },
    })
  })

  test.each<[Kept, string]>([
    [13_800_138_000, '13800138000'],
    ['+86 138-0013-8000', '13800138000'],
    ["'+8613800138000", '13800138000'],
    [' １３８００１３８０００ ', '13800138000'],
    ['\u202d13800138000\u202c', '13800138000'],
  ])('takes the phone %j', (cell, phone) => {
    expect(orderOf({ customerPhone: cell })).toMatchObject({ body: { customerPhone: phone } })
  })

  test.each<Kept>([
    '2026-5-1',
    '2026/05/01',
    '2026.5.1',
    '2026年5月1日',
    '20260501',
    20_260_501,
    '2026-05-01 14:30',
    '2026-05-01T14:30:00',
  ])('takes the day %j', (cell) => {
    expect(orderOf({ signedAt: cell })).toMatchObject({
      patch: { signedAt: '2026-04-30T16:00:00.000Z' },
    })
  })

  test.each<Kept>(['45413', 45_413, '2026-02-30', '5月1日', '1826-05-01', '去年', '05/01/2026'])(
    'does not guess a day from %j',
    (cell) => expect(reasonOf({ signedAt: cell })).toContain('签约日期：看不懂'),
  )

  test.each<[Partial<Record<Column, Kept>>, string]>([
    [{ orderNo: null }, '缺少订单号'],
    [{ title: '  ' }, '缺少标题'],
    [{ customerPhone: null }, '缺少客户手机'],
    [{ customerPhone: '1380013800' }, '客户手机：手机号格式不正确'],
    [{ customerPhone: '1.38E+10' }, '客户手机被 Excel 改成了科学计数法'],
    [{ orderNo: '2.02403E+15' }, '订单号被 Excel 改成了科学计数法'],
    [{ orderNo: 20_240_315_000_000_010_000 }, '订单号被 Excel 改成了科学计数法'],
    [{ orderNo: 'SO 1' }, '订单号：订单号只能包含'],
    [{ title: '长'.repeat(101) }, '标题：最多 100 个字'],
    [{ stage: '长'.repeat(61) }, '阶段：最多 60 个字'],
    [{ designer: '李强' }, '设计师：有几位成员都叫李强'],
    [{ projectManager: '赵六' }, '项目经理：没有找到叫赵六的成员'],
    [{ address: '长'.repeat(201) }, '地址：'],
  ])('%j is rejected: %s', (cells, reason) => expect(reasonOf(cells)).toContain(reason))
})

test('all that is wrong with a row is told at once', () => {
  expect(reasonOf({ orderNo: null, customerPhone: '12', signedAt: '去年', designer: '赵六' })).toBe(
    '签约日期：看不懂“去年”，请写成 2026-05-01；设计师：没有找到叫赵六的成员，请填企业微信帐号；缺少订单号；客户手机：手机号格式不正确，请填写 11 位大陆手机号',
  )
})

describe('an item of a list', () => {
  test('is the body of a load with its number', () => {
    const body = { title: '全屋定制', customerPhone: '13800138000', stages: [] }
    expect(readItem({ orderNo: 'SO-1', ...body })).toEqual({
      kind: 'order',
      order: { orderNo: 'SO-1', body, patch: {} },
    })
  })

  test.each<[unknown, string]>([
    [null, '这一项不是订单对象'],
    [['SO-1'], '这一项不是订单对象'],
    [{ ...FINE, orderNo: undefined }, '缺少orderNo'],
    [{ ...FINE, orderNo: 7 }, 'orderNo：'],
    [{ ...FINE, custmerName: '王' }, '不认识的字段：custmerName'],
    [{ ...FINE, viewers: [{ phone: '1' }] }, 'viewers.0.phone：手机号格式不正确'],
  ])('%j is rejected: %s', (item, reason) =>
    expect(readItem(item)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining(reason),
    }),
  )
})
