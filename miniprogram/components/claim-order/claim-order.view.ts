import { normaliseOrderNo } from '../../../shared/order-no.ts'

/** The same for everybody who may query, whatever there is: the line must not tell that an order waits behind it. */
export const CLAIM_WORDS = {
  line: '没看到订单？输入订单号',
  placeholder: '合同上的订单号',
  button: '查询',
  found: '找到了',
  again: '再查一个订单',
  ask: '仍然没有？找顾问',
  asking: '正在告诉顾问…',
  asked: '已请顾问核实，核实后会显示在这里',
} as const

export type ClaimView = {
  open: boolean
  typed: string
  /** What is under way: one thing at a time. */
  busy: 'no' | 'claim' | 'advisor'
  /** What went wrong, below the field, and below 找顾问. */
  hint: string
  askHint: string
  /** The order number that was found last. */
  found: string
  asked: boolean
}

export const CLOSED: ClaimView = {
  open: false,
  typed: '',
  busy: 'no',
  hint: '',
  askHint: '',
  found: '',
  asked: false,
}

type Read = { ok: true; orderNo: string } | { ok: false; hint: string }

/** What the customer typed, as an order number, or what to say about it: a slip of the finger costs no try. */
export function readOrderNo(typed: string): Read {
  if (typed.trim() === '') return { ok: false, hint: '请先填写订单号' }
  const orderNo = normaliseOrderNo(typed)
  return orderNo === null
    ? { ok: false, hint: '订单号不对，只能有字母、数字、点、横线和下划线' }
    : { ok: true, orderNo }
}
