import type {
  Copied,
  OtherwiseAdded,
  PhoneMissing,
  UnstatedCustomer,
  WaitingCustomer,
} from '../../../shared/api/staff.ts'
import { escape } from './html.ts'
import { toWaited } from './staff.rules.ts'

type Row = Pick<UnstatedCustomer, 'row' | 'name' | 'order' | 'since' | 'came' | 'why'>

/** How long ago; the page writes it anew without taking the row for another. */
export const renderTime = (at: string, now: Date): string =>
  `<time datetime="${escape(at)}">${toWaited(new Date(at), now)}</time>`

const renderCard = (row: string, content: string, attributes = ''): string =>
  `<li class="card" id="${escape(row)}" data-row tabindex="-1"${attributes}>${content}</li>`

export const NO_NAME = '未命名客户'

/** `title`: what he is called by here, as it is printed. */
const renderHead = (title: string, beside = ''): string =>
  `<div class="who">${title}${beside}</div>`

/** Which order, how he came and when, and what to do next. */
function renderFacts({ order, came, since, why }: Row, now: Date): string {
  const about =
    order === undefined
      ? ''
      : `<p class="order">${escape(order.title)} <span class="part">${escape(order.orderNo)}</span></p>`
  return `${about}<p class="facts"><span class="part">${escape(came)}</span><span class="part dot">${renderTime(since, now)}</span></p>
<p class="next">${escape(why.nextStep)}</p>`
}

/** Who waits to be added. */
export function renderWaiting(customer: WaitingCustomer, now: Date): string {
  const { id, row, phoneMasked, name, contested, mine, copied } = customer
  const beside = `${mine ? '<em class="mine">我负责</em>' : ''}${name === undefined ? '' : `<span class="name">${escape(name)}</span>`}`
  const warning = contested
    ? '<p class="warning">有多个微信号填写了这个手机号，添加后请先核实身份。</p>'
    : ''
  return renderCard(
    row,
    `${renderHead(`<h3 class="phone" id="${row}-who">${escape(phoneMasked)}</h3>`, beside)}${renderFacts(customer, now)}${warning}${renderCopied(copied, now)}
<button type="button" class="second" data-reveal="${String(id)}" aria-describedby="${row}-who">复制手机号</button>`,
  )
}

const MOST_COPIED = 3

/** So that no two add the same customer; it keeps nobody from it. */
function renderCopied(copied: readonly Copied[], now: Date): string {
  if (copied.length === 0) return ''
  const parts = copied
    .slice(0, MOST_COPIED)
    .map(({ name, at, me }) =>
      me
        ? `<span class="part me">您已复制 · ${renderTime(at, now)}</span>`
        : `<span class="part">${escape(name)}已复制 · ${renderTime(at, now)}</span>`,
    )
  return `<p class="copied">${parts.join(' ')}</p>`
}

const renderName = (name: string | undefined): string => `<h3>${escape(name ?? NO_NAME)}</h3>`

/** Who is bound, and nobody knows his phone. */
export const renderUnstated = (customer: UnstatedCustomer, now: Date): string =>
  renderCard(customer.row, `${renderHead(renderName(customer.name))}${renderFacts(customer, now)}`)

/** Who was added in a way that proves nothing. */
export const renderOtherwise = (customer: OtherwiseAdded, now: Date): string =>
  renderCard(
    customer.row,
    `${renderHead(renderName(customer.name))}${renderFacts(customer, now)}${renderSubmitted(customer, now)}`,
  )

function renderSubmitted({ id, submitted }: OtherwiseAdded, now: Date): string {
  if (submitted === undefined)
    return `<button type="button" class="second" data-submit="${String(id)}">提交管理员核实</button>`
  const { state, name, me, at } = submitted
  if (state === 'looked')
    return '<p class="copied">管理员核实过，没有开通：请删除后用手机号搜索重新添加</p>'
  return `<p class="copied">已提交管理员核实${me ? '' : `（${escape(name)}）`} · ${renderTime(at, now)}</p>`
}

/** Whose phone is not noted, or not clear. */
export function renderMissing(one: PhoneMissing, now: Date): string {
  const { row, name, reviewId, choices = [], answer } = one
  const facts = renderFacts(one, now)
  if (reviewId === undefined) return renderCard(row, `${renderHead(renderName(name))}${facts}`)
  const rest =
    answer === undefined
      ? choices
          .map(
            ({ choice, phoneMasked }) =>
              `<button type="button" class="second" data-choice="${escape(choice)}">${escape(phoneMasked)} 是客户本人的</button>`,
          )
          .join('')
      : renderOwnAnswer(`${answer.phoneMasked} 是客户本人的`, leftOf(answer.effectiveAt, now))
  return renderCard(
    row,
    `<fieldset><legend>${renderName(name)}</legend>${facts}${rest}</fieldset>`,
    ` data-asked="reviews/${String(reviewId)}"`,
  )
}

/** Milliseconds until an answer counts. */
export const leftOf = (effectiveAt: string, now: Date): number =>
  new Date(effectiveAt).getTime() - now.getTime()

/** The seconds are counted down by the page; whoever cannot see them run is told once. */
export const renderLeft = (leftMs: number): string =>
  `<span role="timer" aria-live="off" data-left="${String(leftMs)}">${String(Math.ceil(leftMs / 1000))}</span> 秒`

/** What the member has said himself, and can take back. */
export const renderOwnAnswer = (given: string, leftMs: number): string =>
  `<p class="answered">已回答「${escape(given)}」，${renderLeft(leftMs)}内可以撤回</p><button type="button" class="second" data-take-back>撤回</button>`
