import { expect, test } from '@jest/globals'
import {
  readProjectQuestion,
  toEquipmentText,
  toOrderText,
  toProgressText,
} from './project-texts.ts'

test.each([
  '进度',
  '查进度',
  '查询项目进度',
  ' 项目进度 ',
  '进度？',
  '查询进度。',
  '进度 ？',
  '查询',
  '查项目进度',
  '我的项目',
  '进度查询',
  '进度怎么样了',
  '「查询项目进度」',
  '“进度”。',
  '查\u0002进度',
  '\u200b进度',
  '\u202d查进度\u202c',
  '进\ufe0f度',
])('%j asks for the progress', (text) => expect(readProjectQuestion(text)).toBe('progress'))
test.each(['订单信息', '我的订单', '订单？', '查询订单'])('%j asks for the order', (text) =>
  expect(readProjectQuestion(text)).toBe('order'),
)
test.each(['设备档案', '我的设备', '「设备档案」', '保修期'])('%j asks for the equipment', (text) =>
  expect(readProjectQuestion(text)).toBe('equipment'),
)
test.each([
  '',
  '进度条',
  '我想问一下进度',
  '你好',
  'constructor',
  '查询发票',
  '我的项目什么时候装',
  '“”',
  '订单什么时候发货',
  '设备坏了',
  '我要退订单',
])('%j is for people', (text) => expect(readProjectQuestion(text)).toBeNull())

test('the answer has at most five projects and fits into a chat message whatever they are called', () => {
  const items = Array.from({ length: 8 }, () => ({
    title: '很'.repeat(200),
    status: '长'.repeat(200),
    stage: '的'.repeat(200),
    stagesDone: 10,
    stagesTotal: 20,
  }))
  const text = toProgressText(items)
  expect(text.match(/·/g)).toHaveLength(5)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_700)
  expect(
    toProgressText([{ title: '翠湖花园', status: '施工中', stagesDone: 0, stagesTotal: 0 }]),
  ).toBe('您的项目进度：\n· 翠湖花园：施工中')
})

test('no line ends inside an emoji', () => {
  const title = `${'家'.repeat(29)}👨‍👩‍👧‍👦的别墅`
  const text = toProgressText([
    {
      title,
      status: `${'x'.repeat(9)}🏗️`,
      stage: `${'y'.repeat(19)}👷🏽`,
      stagesDone: 1,
      stagesTotal: 2,
    },
  ])
  expect(text.split('\n')[1]).toBe(
    `· ${'家'.repeat(29)}：${'x'.repeat(9)}，${'y'.repeat(19)}（1/2）`,
  )
})

const ORDER = {
  title: '翠湖花园',
  orderNo: 'SO-1',
  address: '西湖区翠湖花园 8 幢',
  order: { amount: 128_000.5, signedAt: '2026-03-01T16:00:00Z', room: '三室' },
  orderFields: [
    { key: 'amount', label: '合同金额', kind: 'money' as const },
    { key: 'signedAt', label: '签约日期', kind: 'date' as const },
    { key: 'room', label: '户型', kind: 'text' as const },
  ],
}

test('an order is told by its number, its place and the named fields', () => {
  expect(toOrderText([ORDER], 'Asia/Shanghai')).toBe(
    '您的订单：\n· 翠湖花园\n  订单号：SO-1\n  地址：西湖区翠湖花园 8 幢\n  合同金额：¥128,000.50\n  签约日期：2026-03-02\n  户型：三室',
  )
})

test('equipment is told with its model and its warranty; a project without any is left out', () => {
  const equipment = [
    { name: '中央空调', model: 'X-1', warrantyUntil: '2028-03-01T16:00:00Z' },
    { name: '地暖' },
  ]
  expect(
    toEquipmentText(
      [
        { title: '翠湖花园', equipment },
        { title: '别墅', equipment: [] },
      ],
      'Asia/Shanghai',
    ),
  ).toBe('您的设备档案：\n· 翠湖花园\n  中央空调（X-1），保修至 2028-03-02\n  地暖')
  expect(toEquipmentText([{ title: '别墅', equipment: [] }], 'Asia/Shanghai')).toContain(
    '暂时没有设备档案',
  )
})

test('whatever an order holds, both leave room for the way into the mini-program, and the first order is never left out', () => {
  const long = '很'.repeat(500)
  const fields = Array.from({ length: 30 }, (_, n) => `k${String(n)}`)
  const order = {
    ...ORDER,
    title: long,
    address: long,
    order: Object.fromEntries(fields.map((key) => [key, long])),
    orderFields: fields.map((key) => ({ key, label: long, kind: 'text' as const })),
    equipment: Array.from({ length: 200 }, () => ({ name: long, model: long })),
  }
  for (const text of [
    toOrderText([order, order], 'Asia/Shanghai'),
    toEquipmentText([order, order], 'Asia/Shanghai'),
  ]) {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_700)
    expect(text.split('\n').length).toBeGreaterThan(3)
  }
})
