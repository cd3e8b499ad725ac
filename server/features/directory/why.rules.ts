import type { Why, WhyCode } from '../../../shared/api/customers.ts'
import type { PhoneProof } from '../customers/customers.ts'

export type WhyFacts = {
  /** An account of his is tied to his contact. */
  tied: boolean
  /** `account_access` says so of one of his accounts. */
  mayQuery: boolean
  suspended: boolean
  /** The last tie was ended, and there has been none since. */
  ended: boolean
  /** A member follows the contact now. */
  followed: boolean
  /** What each follow proves (phone.rules). */
  proofs: readonly PhoneProof[]
  /** A live proof of the number that he has. */
  proven: boolean
  /** People are asked about his number. */
  inQuestion: boolean
  /** He has stated a phone that waits for a member. */
  phoneStated: boolean
  shownOrders: number
  heldOrders: number
}

/** The one thing that stands in the way first, as an admin would look for it: the number before the tie, the tie before the orders. */
export function findWhy(facts: WhyFacts): WhyCode {
  if (facts.suspended) return 'suspended'
  if (facts.mayQuery) return findWhyOfOrders(facts)
  if (!facts.proven) return findWhyOfNumber(facts)
  if (facts.tied) return 'phone_in_question'
  return facts.ended ? 'ended' : 'not_bound'
}

function findWhyOfOrders({ shownOrders, heldOrders }: WhyFacts): WhyCode {
  if (shownOrders > 0) return 'may_query'
  return heldOrders > 0 ? 'order_held' : 'no_order'
}

/** Why a follow proves nothing: that first which is nearest to a proof. */
const NEAREST = [
  [
    'phone_in_question',
    (proof) => proof.kind !== 'none' || proof.reason === 'number_changed_hands',
  ],
  ['phone_missing', (proof) => proof.kind === 'none' && proof.reason === 'no_phone'],
  ['customer_searched', (proof) => proof.kind === 'none' && proof.reason === 'customer_searched'],
  ['added_otherwise', () => true],
] as const satisfies readonly (readonly [WhyCode, (proof: PhoneProof) => boolean])[]

function findWhyOfNumber({ inQuestion, followed, proofs, tied, phoneStated }: WhyFacts): WhyCode {
  if (inQuestion) return 'phone_in_question'
  if (!followed) return tied && !phoneStated ? 'no_phone_stated' : 'not_added'
  for (const [code, fits] of NEAREST) if (proofs.some(fits)) return code
  return 'not_added'
}

const TEXTS: Record<WhyCode, readonly [text: string, nextStep: string]> = {
  may_query: ['可以查询', '无需处理'],
  no_order: ['已有查询权限，但他名下还没有订单', '办公室：核对订单上的客户手机号并重新导入'],
  order_held: [
    '已有查询权限，但订单归属存疑，正在等待核实',
    '负责的同事：在员工页面回答订单归属的问题',
  ],
  suspended: ['权限已暂停：微信身份前后不一致', '管理员：核实身份后恢复权限，或解除绑定'],
  not_added: ['还没有同事通过手机号添加他', '销售：在企业微信里用他的手机号搜索并添加他'],
  added_otherwise: [
    '同事添加他的方式不能证明手机号（不是搜索手机号添加）',
    '销售：删除后用手机号搜索重新添加他，或请管理员核实号码',
  ],
  customer_searched: [
    '是客户搜索添加的同事，不能证明手机号',
    '销售：删除后用手机号搜索重新添加他，或请管理员核实号码',
  ],
  phone_missing: [
    '同事已按手机号添加他，但备注里没有手机号',
    '销售：打开客户资料，在备注里填写他的手机号',
  ],
  phone_in_question: [
    '手机号存疑，需要有人核实',
    '负责的同事：在员工页面回答号码的问题；或由管理员核实',
  ],
  no_phone_stated: [
    '已绑定微信，但还不知道他的手机号',
    '客户：在小程序里填写手机号；或销售：用他的手机号搜索添加他',
  ],
  not_bound: ['手机号已核实，但还没有绑定微信', '客户：打开小程序，点开客服聊天里的卡片完成绑定'],
  ended: ['绑定已被解除', '客户：在小程序里重新获取验证码并绑定'],
}

/** In one sentence, with who does what next. */
export function explain(code: WhyCode): Why {
  const [text, nextStep] = TEXTS[code]
  return { code, text, nextStep }
}
