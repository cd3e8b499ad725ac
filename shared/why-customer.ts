import type { NextStep } from './api/sign-in.ts'
import type { Why, WhyCode } from './api/why.ts'

/**
 * Whether a phone that he has stated waits with the members, and until when (in words for people); `over`: its time has
 * passed, and nobody has added him.
 */
export type Stated = 'none' | 'over' | { until: string }
/** What he is told, and the step that it is; `confirm` is of an attempt, which no reason knows of. */
export type Told = { why: Why; step: Exclude<NextStep, 'confirm'> }

type Row = readonly [step: Told['step'], text: string, nextStep: string]
/** By what he has stated, where that decides whether the wait can end. */
type Rows = Row | Record<'none' | 'over' | 'live', Row>

const OPEN_THE_CHAT = '请打开客服聊天，点一下收到的卡片，就完成绑定了'
const ADD_AGAIN = '请把手机号告诉客服：顾问需要用手机号搜索，重新添加您'

/** Bound, and no member has him: nobody can look for somebody of whom no number is known. */
const NOT_ADDED: Rows = {
  none: [
    'state_phone',
    '绑定已完成，还差您的手机号',
    '请填写手机号：顾问按手机号找到您、添加您为企业微信好友后，就能查看项目进度',
  ],
  over: [
    'state_phone',
    '您填写的手机号已过期，还没有顾问添加您',
    '请在小程序首页再填写一次手机号，顾问会按它搜索、添加您',
  ],
  live: [
    'wait_for_advisor',
    '绑定已完成，您的手机号已经交给顾问',
    '请等待顾问在微信里申请加您为好友，收到后点「接受」；到 {until} 还没有人添加，请在小程序首页再填写一次手机号',
  ],
}

/** Says nothing of whether a member has added that phone (D16). */
const unbound = (text: string): Rows => ({
  none: ['get_code', text, OPEN_THE_CHAT],
  over: ['get_code', text, OPEN_THE_CHAT],
  live: [
    'get_code',
    '已收到您的手机号，顾问会按它添加您',
    `${OPEN_THE_CHAT}；顾问已经添加您的，也可以点他发给您的卡片`,
  ],
})

/**
 * What the customer reads, and what he does next: nothing that cannot help, and a wait only where it can end. He learns
 * nothing of others: an order that may be somebody else's is absent for him, and of a number in question only that it is.
 */
const ROWS: Record<WhyCode, Rows | 'no_order'> = {
  may_query: ['view_projects', '您可以查看项目进度了', '点「查看我的项目」'],
  no_order: [
    'view_projects',
    '您已经可以查询，还没有查到您名下的项目',
    '签约后，您的项目会出现在这里。如果您已经签约，请在小程序里输入订单号，或联系客服',
  ],
  order_held: 'no_order',
  suspended: ['contact_support', '您的绑定需要人工核实', '请联系客服，核实之后就能查看项目进度'],
  not_added: NOT_ADDED,
  no_phone_stated: NOT_ADDED,
  added_otherwise: ['ask_advisor', '顾问已是您的好友，但这样添加不能核实手机号', ADD_AGAIN],
  customer_searched: ['ask_advisor', '是您添加的顾问，这样添加不能核实手机号', ADD_AGAIN],
  phone_missing: [
    'ask_advisor',
    '顾问已经添加您，还没有登记您的手机号',
    '请把手机号告诉客服，顾问会填写在您的客户资料里',
  ],
  phone_in_question: [
    'ask_advisor',
    '您的手机号还需要顾问核实',
    '请联系客服，顾问核实之后，就能查看项目进度',
  ],
  not_bound: unbound('您还没有绑定'),
  ended: unbound('您的绑定已解除'),
}

/** Why he may or may not see projects, in words for himself, and what he does next: the same on every page and in every chat. */
export function tellCustomer(code: WhyCode, stated: Stated = 'none'): Told {
  const rows = ROWS[code]
  if (rows === 'no_order') return tellCustomer(rows, stated)
  const [step, text, nextStep] = 'none' in rows ? rows[toKey(stated)] : rows
  const until = typeof stated === 'object' ? stated.until : ''
  return { step, why: { code, text, nextStep: nextStep.replace('{until}', until) } }
}

const toKey = (stated: Stated): 'none' | 'over' | 'live' =>
  typeof stated === 'object' ? 'live' : stated
