import { LEAD_STATES } from '../../../shared/advisors.ts'
import type { AdvisorAction, AdvisorBooking, Lead } from '../../../shared/api/leads.ts'
import { escape } from './html.ts'
import { isOver, toVisit } from './own-advisor.rules.ts'
import type { OwnLists } from './own-advisor.ts'
import { renderHead, renderSection, renderTop, SAID, titleOf } from './page.frame.ts'
import { NO_NAME, renderTime } from './page.rows.ts'

const ADDRESS = '/staff/advisor'
type Look = OwnLists & { now: Date }

/** 线索和预约: what an advisor looks after. */
export const renderOwnAdvisor = ({
  memberName,
  ...look
}: Look & { memberName: string }): string => `${renderHead(titleOf(ADDRESS))}
${renderTop(ADDRESS, { memberName, isAdvisor: true })}
<main id="main" tabindex="-1"><div id="lists" data-from="${ADDRESS}/lists">${renderOwnLists(look)}</div></main>
${SAID}
<script src="/staff/advisor.js" defer></script></body></html>`

const EMPTY =
  '<p class="empty" id="empty">还没有客户联系您。<br>客户在小程序里查看您的简历、联系您或预约时，会出现在这里。</p>'
const OLDER = '只显示最近 50 条，更早的请在小程序里看。'

/** The part that is fetched again while somebody looks at it. */
export function renderOwnLists({ bookings, leads, actions, more, now }: Look): string {
  const sections = [
    renderSection({
      id: 'bookings',
      title: '我的预约',
      count: bookings.filter((one) => !isOver(one)).length,
      hint: '改了状态，客户会在小程序里看到。',
      rows: bookings.map((one) => renderBooking(one, { leads, now })),
    }),
    renderSection({
      id: 'leads',
      title: '我的线索',
      count: leads.length,
      hint: `客户自己填写的手机号，还没有核实。${more ? OLDER : ''}`,
      rows: leads.map((one) => renderLead(one, now)),
    }),
    renderSection({
      id: 'actions',
      title: '最近动态',
      count: actions.length,
      hint: '客户在小程序里做了什么。',
      rows: actions.map((one) => renderAction(one, now)),
    }),
  ].join('')
  return sections === '' ? EMPTY : sections
}

const renderCard = (kind: string, id: string, content: string): string =>
  `<li class="card" id="${kind}-${id}" data-row="${id}" tabindex="-1">${content}</li>`

const renderName = (name: string | null): string => escape(name ?? NO_NAME)

/** Parts of a line; what is not known is left out. */
const renderParts = (parts: readonly (string | null)[]): string =>
  parts
    .filter((part) => part !== null && part !== '')
    .map((part, at) => `<span class="part${at === 0 ? '' : ' dot'}">${part!}</span>`)
    .join('')

const MOVES: Readonly<Record<AdvisorBooking['state'], string>> = {
  新: '重新打开',
  已联系: '标为已联系',
  已确认: '确认预约',
  已完成: '标为已完成',
  已取消: '取消预约',
}

function renderBooking(
  booking: AdvisorBooking,
  { leads, now }: Pick<Look, 'leads' | 'now'>,
): string {
  const { id, customerId, customerName, phoneMasked, service, note, state, next, bookedAt } =
    booking
  const mayCall = next.length > 0 && leads.some((lead) => lead.id === customerId)
  const call = mayCall ? [renderCall(customerId, `booking-${id}`)] : []
  const moves = next.map(
    (to) =>
      `<button type="button" class="second" data-move="${to}" aria-describedby="booking-${id}-who">${MOVES[to]}</button>`,
  )
  const phone = phoneMasked && `<span class="phone">${escape(phoneMasked)}</span>`
  return renderCard(
    'booking',
    id,
    `<div class="who"><h3 id="booking-${id}-who">${toVisit(booking)}</h3><em class="mine">${state}</em></div>
<p class="next">${escape(service)}</p>
<p class="facts">${renderParts([renderName(customerName), phone, `${renderTime(bookedAt, now)}预约`])}</p>
${note === null || note === '' ? '' : `<p class="copied">客户留言：${escape(note)}</p>`}${moves.length === 0 ? '' : `<div class="moves">${[...call, ...moves].join('')}</div>`}`,
  )
}

function renderLead({ id, ...lead }: Lead, now: Date): string {
  const { customerNo, name, phoneMasked, state, remark, note, createdAt } = lead
  return renderCard(
    'lead',
    id,
    `<div class="who"><h3 class="phone" id="lead-${id}-who">${escape(phoneMasked)}</h3><span class="name">${renderName(name)}</span></div>
<p class="facts">${renderParts([customerNo, renderTime(createdAt, now)])}</p>
<p class="order">${escape(remark)}</p>
${note === null ? '' : `<p class="copied">备注：${escape(note)}</p>`}
${renderCall(id, `lead-${id}`)}
${renderFollowUp({ id, state, note })}`,
  )
}

const renderCall = (leadId: string, row: string): string =>
  `<button type="button" class="second" data-reveal="${leadId}" aria-describedby="${row}-who">复制手机号</button>`

function renderFollowUp({ id, state, note }: Pick<Lead, 'id' | 'state' | 'note'>): string {
  const options = LEAD_STATES.map(
    (one) => `<option${one === state ? ' selected' : ''}>${one}</option>`,
  )
  return `<details><summary>签约状态：${state}</summary><form>
<label for="lead-${id}-state">签约状态</label><select id="lead-${id}-state" name="state">${options.join('')}</select>
<label for="lead-${id}-note">备注（客户看不到）</label><textarea id="lead-${id}-note" name="note" rows="3" maxlength="500">
${escape(note ?? '')}</textarea>
<button class="second">保存</button></form></details>`
}

const renderAction = (action: AdvisorAction, now: Date): string => {
  const { actionId, text, customerName, phoneMasked, times, at } = action
  const often = times > 1 ? `共 ${String(times)} 次` : null
  return renderCard(
    'action',
    actionId,
    `<h3>${escape(text)}</h3><p class="facts">${renderParts([renderName(customerName), phoneMasked, renderTime(at, now), often])}</p>`,
  )
}
