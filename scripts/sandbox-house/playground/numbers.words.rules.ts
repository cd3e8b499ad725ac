import type { PartyRow, ShownRow } from '../../../server/features/ownership/ownership.ts'

/** Rows of table A, and what is written where a person or a hand-over decided. A row without words does not compile. */
export const PARTY_ROWS = {
  'settled before': '已有人定过，不再改',
  'nobody has proven the number': '还没有人证明这个号码是他的',
  'the number is in question': '号码是谁的正在核实',
  "it was somebody else's": '原来是别人的，要有人转手',
  'attached before': '与上次的决定一样',
  'names differ': '订单写的名字与客户对不上',
  'the first named order of a new owner': '刚证明号码的客户的第一份有名字的订单',
  'same name, lately proven or an order that runs': '名字相同，号码不久前才证明过',
  'same name, proven long ago': '名字相同，但号码是很久以前证明的',
  'nothing tells, just proven': '没有相反的迹象，号码刚刚证明',
  'nothing tells, an order that runs with the same member':
    '没有相反的迹象，同一位顾问手上还有他的订单',
  'nothing tells': '看不出是谁的',
  settled: '有人定了',
  'before the number changed hands': '号码换人以前的订单，没有人说清是谁的',
} as const satisfies Record<PartyRow | 'settled' | 'before the number changed hands', string>

/** Rows of table B. */
export const SHOWN_ROWS = {
  confirmed: '有人确认过，或客户输对了订单号',
  'first proof unknown': '不知道他从什么时候起用这个号码',
  'something happened since': '日期与他用这个号码的时间对得上',
  'no date, runs, loaded since': '没有日期，正在进行，是他用这个号码以后录入的',
  'no date, ran while his': '没有日期，一直是他的',
  'may be of another owner': '可能是这个号码以前的主人的旧订单',
} as const satisfies Record<ShownRow, string>

export const SETTLED: Readonly<Record<string, string>> = {
  answer: '有人回答过',
  admin: '管理员定的',
  hand_over: '号码转手时留给原来的客户',
  order_no: '客户输对了订单号',
}

export const ANSWERS: Readonly<Record<string, string>> = {
  same: '是这位客户的',
  changed: '号码换人了',
  unknown: '不清楚',
}
