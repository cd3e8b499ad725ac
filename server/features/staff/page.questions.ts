import type { Question } from '../../../shared/api/questions.ts'
import { toIsoDay } from '../../../shared/days.ts'
import { isSameMember } from '../../../shared/userid.ts'
import { escape } from './html.ts'
import { leftOf, renderLeft, renderOwnAnswer } from './page.rows.ts'
import { toDay } from './staff.rules.ts'

export type Asked = { questions: readonly Question[]; userId: string; timeZone: string; now: Date }
type Look = Omit<Asked, 'questions'>

/** Of a number that nobody has proven, nobody says that it changed hands. */
const answersFor = ({ about }: Question) => ({
  same: '是这位客户的',
  changed: about?.isClaimant === true ? '不是这位客户的' : '号码换人了',
  unknown: '不清楚',
})

/** 号码换人？: whose the orders of a number are, asked of this member; what is answered for good is gone. */
export const renderQuestions = ({ questions, ...look }: Asked): string[] =>
  questions
    .filter(({ answer }) => answer === undefined || new Date(answer.effectiveAt) > look.now)
    .map((question) => renderQuestion(question, look))

function renderQuestion(question: Question, look: Look): string {
  const { id, phoneMasked = '' } = question
  const rest =
    question.answer === undefined
      ? renderChoices(question, look)
      : renderAnswer(question, question.answer, look)
  return `<li class="card asks" id="question-${String(id)}" data-row data-asked="questions/${String(id)}" tabindex="-1"><fieldset><legend><h3>号码 <b>${escape(phoneMasked)}</b> 是谁的？</h3></legend>
${renderAbout(question, look)}${renderOrders(question, look)}${rest}</fieldset></li>`
}

/** Whom the number belongs to as far as we know. */
function renderAbout({ about }: Question, { timeZone }: Look): string {
  if (!about) return ''
  const facts: string[][] = [
    ['订单姓名', about.names.length === 0 ? '没有记录' : about.names.join('、')],
    ['微信昵称', about.contactName ?? '没有记录'],
    [
      '添加',
      about.addedAt === undefined ? '没有记录' : toDay(new Date(about.addedAt), timeZone),
      about.addedBy ?? '',
    ],
  ]
  const title =
    about.isClaimant === true ? '输入了订单号的客户（号码还没有人证实）' : '号码现在的客户'
  return `<h4>${title}</h4><dl>${facts.map(([name, ...values]) => `<div><dt>${name!}</dt><dd>${renderParts(values)}</dd></div>`).join('')}</dl>`
}

/** A line breaks between them before it breaks one of them. */
const renderParts = (values: readonly string[]): string =>
  values
    .filter((value) => value !== '')
    .map((value) => `<span class="part">${escape(value)}</span>`)
    .join(' ')

type AskedOrder = NonNullable<Question['orders']>[number]

/** A choice of orders only where there are several and nobody has answered. */
function renderOrders({ orders = [], answer }: Question, look: Look): string {
  const isChoice = orders.length > 1 && answer === undefined
  const title = isChoice ? '要核实的订单（回答只针对勾选的）' : '要核实的订单'
  return `<h4>${title}</h4><ul class="orders">${orders.map((order) => renderOrder(order, isChoice, look)).join('')}</ul>`
}

function renderOrder(
  { orderNo, title, hidden, name, signedAt, loadedAt }: AskedOrder,
  isChoice: boolean,
  { timeZone }: Look,
): string {
  const day =
    signedAt === undefined
      ? `${toDay(new Date(loadedAt), timeZone)}录入`
      : `${toDay(new Date(signedAt), timeZone)}签约`
  const text = `<span><b>${escape(orderNo)}</b> ${escape(title)}<small>${renderParts([...(hidden ? ['已对客户隐藏'] : []), name === undefined ? '没有写姓名' : `姓名：${name}`, day])}</small></span>`
  const box = isChoice ? '<input type="checkbox" name="order" checked>' : ''
  return `<li data-order="${escape(orderNo)}">${isChoice ? `<label>${box}${text}</label>` : text}</li>`
}

function renderChoices(question: Question, look: Look): string {
  const buttons = Object.entries(answersFor(question)).map(
    ([answer, label]) =>
      `<button type="button" class="second" data-answer="${answer}">${label}</button>`,
  )
  return `${question.about?.isClaimant === true ? '' : renderSince(question, look)}${buttons.join('')}`
}

function renderSince({ id }: Question, { timeZone, now }: Look): string {
  return `<p class="since"><label for="since-${String(id)}">换人的话，从哪天起？（可不填）</label>
<input type="date" id="since-${String(id)}" name="since" max="${toIsoDay(now, timeZone)}" aria-describedby="since-hint-${String(id)}"></p>
<p class="hint" id="since-hint-${String(id)}">不填时，从他最后一个确定的订单之后算起。</p>`
}

function renderAnswer(
  question: Question,
  answer: NonNullable<Question['answer']>,
  { userId, now }: Look,
): string {
  const given =
    Object.entries(answersFor(question)).find(([kind]) => kind === answer.answer)?.[1] ??
    answer.answer
  const leftMs = leftOf(answer.effectiveAt, now)
  if (isSameMember(answer.by, userId)) return renderOwnAnswer(given, leftMs)
  return `<p class="answered">${escape(answer.byName ?? answer.by)} 已回答「${escape(given)}」，${renderLeft(leftMs)}后生效</p>`
}
