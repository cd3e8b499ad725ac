import type { Why, WhyCode } from './api/why.ts'

/** Who reads it besides the customer himself (why-customer.ts): the member who has him, or an admin. */
export type Reader = 'staff' | 'admin'
/** What is so, in one sentence, and who does what next. */
type Words = readonly [text: string, nextStep: string]

const ADD_AGAIN = '删除后用手机号搜索重新添加他，或请管理员核实号码'

/** Codes and words, once for all who work here. */
const WORDS: Record<WhyCode, Record<Reader, Words>> = {
  may_query: {
    staff: ['可以查询', '无需处理'],
    admin: ['可以查询', '无需处理'],
  },
  no_order: {
    staff: ['已有查询权限，但名下还没有订单', '请办公室核对订单上的客户手机号'],
    admin: [
      '已有查询权限，但他名下还没有订单',
      '办公室：核对订单上的客户手机号并重新导入，或恢复被隐藏的订单',
    ],
  },
  order_held: {
    staff: ['已有查询权限，但订单归属存疑', '请在本页回答订单归属的问题'],
    admin: [
      '已有查询权限，但订单归属存疑，正在等待核实',
      '负责的同事：在员工页面回答订单归属的问题；或客户：在小程序里输入订单号',
    ],
  },
  suspended: {
    staff: ['查询权限已暂停：微信身份前后不一致', '请管理员核实'],
    admin: ['权限已暂停：微信身份前后不一致', '管理员：核实身份后恢复权限，或解除绑定'],
  },
  not_added: {
    staff: ['还没有人通过手机号添加他', '请在企业微信里搜索手机号添加'],
    admin: ['还没有同事通过手机号添加他', '销售：在企业微信里用他的手机号搜索并添加他'],
  },
  added_otherwise: {
    staff: ['不是通过搜索手机号添加的，不能证明手机号', `请${ADD_AGAIN}`],
    admin: ['同事添加他的方式不能证明手机号（不是搜索手机号添加）', `销售：${ADD_AGAIN}`],
  },
  customer_searched: {
    staff: ['是客户搜索添加的您，不能证明手机号', `请${ADD_AGAIN}`],
    admin: ['是客户搜索添加的同事，不能证明手机号', `销售：${ADD_AGAIN}`],
  },
  phone_missing: {
    staff: ['已按手机号添加，但备注里没有手机号', '请打开客户资料，在备注里填写客户的手机号'],
    admin: [
      '同事已按手机号添加他，但备注里没有手机号',
      '销售：打开客户资料，在备注里填写他的手机号',
    ],
  },
  phone_in_question: {
    staff: ['手机号存疑，需要有人核实', '请管理员核实'],
    admin: ['手机号存疑，需要有人核实', '负责的同事：在员工页面回答号码的问题；或由管理员核实'],
  },
  no_phone_stated: {
    staff: ['已绑定微信，但还不知道手机号', '请他在小程序里填写手机号，或问到手机号后搜索添加'],
    admin: [
      '已绑定微信，但还不知道他的手机号',
      '客户：在小程序里填写手机号；或销售：用他的手机号搜索添加他',
    ],
  },
  not_bound: {
    staff: ['手机号已核实，客户还没有绑定微信', '请客户打开小程序，点开客服聊天里的卡片完成绑定'],
    admin: ['手机号已核实，但还没有绑定微信', '客户：打开小程序，点开客服聊天里的卡片完成绑定'],
  },
  ended: {
    staff: ['绑定已被解除', '请客户打开小程序，点开客服聊天里的卡片，重新绑定'],
    admin: ['绑定已被解除', '客户：打开小程序，点开客服聊天里的卡片，重新绑定'],
  },
}

/** Why somebody may or may not see projects, in the words of whoever reads it. */
export function tellWhy(code: WhyCode, reader: Reader): Why {
  const [text, nextStep] = WORDS[code][reader]
  return { code, text, nextStep }
}

/** Both as one, for a page that has room for one text. */
export const toSentences = ({ text, nextStep }: Why): string => `${text}。${nextStep}`

/** What a member does about each question that is open about a number; all others are for the admin. */
const QUESTION_STEPS: Record<string, string> = {
  several_phones: '备注了多个手机号，请点选客户本人的号码',
  phone_seen_late: '添加超过 24 小时才备注手机号，请确认是客户本人的号码',
  phone_changed: '备注的手机号改过，请确认是客户本人的号码',
  members_disagree: '与同事备注的手机号不同：请核对后请管理员处理',
  claim_differs: '客户自己填写的是另一个手机号，请与客户核对后再确认',
  contact_has_other_phone: '这位客户已登记另一个手机号：请管理员核实',
  account_tied_elsewhere: '像是这位客户本人的帐号已绑定另一位联系人：请管理员核实',
  phone_proven_for_other_contact: '这个手机号属于另一位联系人：请管理员核实',
}

/** The same for the member who is asked such a question. */
export function tellQuestion(kind: string): Why {
  const why = tellWhy('phone_in_question', 'staff')
  return Object.hasOwn(QUESTION_STEPS, kind) ? { ...why, nextStep: QUESTION_STEPS[kind]! } : why
}
