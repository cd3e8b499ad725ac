import { memberOf } from './decided.rules.ts'
import type { Entry } from './timeline.rules.ts'
import * as words from './numbers.words.rules.ts'
import { wordOf } from './playground.words.rules.ts'

/** An order that somebody loaded, an answer, or one that was taken back: from the operation log. */
export type OperationRow = {
  id: number
  at: Date
  operator: string
  operation: string
  target: string
  name: string | null
  answer: string | null
}
/** Whose an order is now; what was decided before is not kept. */
export type PartyRow = {
  id: number
  at: Date
  orderNo: string
  name: string | null
  state: 'waiting' | 'held' | 'attached'
  row: string
  settledHow: string | null
  shown: boolean
  shownRow: string | null
  externalUserId: string | null
}
export type QuestionRow = {
  id: number
  at: Date
  closedAt: Date | null
  answer: string | null
  phone: string | null
  externalUserId: string | null
  orders: { orderNo: string; name: string | null }[]
}
export type NumberAnswerRow = { id: number; at: Date; kind: string; externalUserId: string }
export type OrderClaimRow = { id: number; at: Date; openid: string; found: boolean }
export type ToldRow = {
  key: string
  at: Date
  kind: string
  member: string | null
  externalUserId: string | null
}

const ms = (at: Date): number => at.getTime()
const toWho = (externalUserId: string | null): Pick<Entry, 'externalUserId'> =>
  externalUserId === null ? {} : { externalUserId }

export function fromOperation({
  id,
  at,
  operator,
  operation,
  target,
  name,
  answer,
}: OperationRow): Entry | null {
  const base = {
    key: `operation-${String(id)}`,
    at: ms(at),
    lane: 'received' as const,
    tone: 'plain' as const,
    ...memberOf(operator),
  }
  switch (operation) {
    case 'project.created':
    case 'project.updated':
      return {
        ...base,
        title: `公司${operation === 'project.created' ? '录入' : '更新'}订单 ${target}`,
        note: name === null ? '没有写客户的名字' : `写的名字：${name}`,
      }
    case 'question.answered':
      return {
        ...base,
        tone: 'wait',
        title: `有人回答：${wordOf(words.ANSWERS, answer ?? '')}`,
        note: '10 秒后生效，这期间可以撤回，订单仍然不给看',
      }
    case 'question.answer_taken_back':
      return { ...base, title: '回答撤回了', note: '还没有生效，什么都没有变' }
    default:
      return null
  }
}

const STATES = { waiting: '等人证明号码', held: '先不给任何人看' } as const

export function fromParty({
  id,
  at,
  orderNo,
  name,
  state,
  row,
  settledHow,
  shown,
  shownRow,
  externalUserId,
}: PartyRow): Entry {
  const isSettled = settledHow !== null && (row === 'settled' || row === 'settled before')
  const title =
    state === 'attached' ? (shown ? '归这位客户' : '归这位客户，但先不给他看') : STATES[state]
  const why = isSettled ? wordOf(words.SETTLED, settledHow) : wordOf(words.PARTY_ROWS, row)
  const notes = [
    name === null ? null : `写的名字：${name}`,
    state === 'attached' && shownRow !== null ? wordOf(words.SHOWN_ROWS, shownRow) : null,
  ]
  const note = notes.filter((one) => one !== null).join('；')
  return {
    key: `party-${String(id)}-${String(ms(at))}`,
    at: ms(at),
    lane: 'decided',
    tone: shown ? 'good' : state === 'waiting' ? 'plain' : 'wait',
    title: `订单 ${orderNo} ${title}：${why}`,
    table: '归属表',
    ...(note !== '' && { note }),
    ...toWho(state === 'attached' ? externalUserId : null),
  }
}

/** `orders` as they were asked about; the question's own row of table A is what held them. */
export function fromQuestion({
  id,
  at,
  closedAt,
  answer,
  phone,
  externalUserId,
  orders,
}: QuestionRow): Entry[] {
  const who = { lane: 'decided' as const, ...toWho(externalUserId) }
  const named = orders
    .map(({ orderNo, name }) => (name === null ? orderNo : `${orderNo}（写的是${name}）`))
    .join('、')
  const asked: Entry = {
    ...who,
    key: `question-${String(id)}`,
    at: ms(at),
    tone: 'bad',
    title: `扣下 ${named}，问同事：号码 ${phone ?? ''} 现在是谁的？`,
    note: '登记的客户是下面这位，问加他的顾问、设计师和项目经理',
  }
  if (closedAt === null) return [asked]
  const closed: Entry = {
    ...who,
    key: `question-end-${String(id)}`,
    at: ms(closedAt),
    tone: answer === null ? 'plain' : 'good',
    title: answer === null ? '问题关闭，不用再回答' : `回答生效：${wordOf(words.ANSWERS, answer)}`,
  }
  return [asked, closed]
}

export const fromNumberAnswer = ({ id, at, kind, externalUserId }: NumberAnswerRow): Entry => ({
  key: `number-answer-${String(id)}`,
  at: ms(at),
  lane: 'decided',
  tone: kind === 'same' ? 'good' : 'bad',
  externalUserId,
  title: kind === 'same' ? '记下：这个号码仍是他的' : '记下：这个号码不再是他的',
  note:
    kind === 'same' ? '号码从今天起重新算作刚证明' : '以前的添加不再证明这个号码，要重新添加才算',
})

export const fromOrderClaim = ({ id, at, openid, found }: OrderClaimRow): Entry => ({
  key: `order-claim-${String(id)}`,
  at: ms(at),
  lane: 'received',
  tone: found ? 'good' : 'wait',
  openid,
  title: `客户输入订单号：${found ? '是他的订单' : '没有查到'}`,
  note: found ? '每天最多 3 次；输入的号码不保存' : '不存在的和别人的，回答一样；每天最多 3 次',
})

const TOLD: Readonly<Record<string, string>> = {
  asked: '提醒同事：有号码要核实',
  made: '告诉负责的顾问：这位客户绑定了',
  ended: '告诉负责的顾问：这位客户解绑了',
}

/** What members are told by a message of the app. */
export const fromTold = ({ key, at, kind, member, externalUserId }: ToldRow): Entry => ({
  key: `told-${key}`,
  at: ms(at),
  lane: 'decided',
  tone: 'plain',
  title: wordOf(TOLD, kind),
  note: kind === 'asked' ? '每人每天最多一条' : '只说一次',
  ...(member !== null && { member }),
  ...toWho(externalUserId),
})
