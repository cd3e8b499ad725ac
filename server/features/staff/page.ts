import type {
  OtherwiseAdded,
  PhoneMissing,
  UnstatedCustomer,
  WaitingCustomer,
} from '../../../shared/api/staff.ts'
import { escape } from './html.ts'
import { renderHead, renderSection, renderTop, SAID, titleOf, type Visitor } from './page.frame.ts'
import { renderQuestions, type Asked } from './page.questions.ts'
import { renderMissing, renderOtherwise, renderUnstated, renderWaiting } from './page.rows.ts'
import { GROUPS, type Group } from './staff.rules.ts'

export type Lists = Asked & {
  waiting: readonly WaitingCustomer[]
  unstated: readonly UnstatedCustomer[]
  otherwise: readonly OtherwiseAdded[]
  missing: readonly PhoneMissing[]
}
type Home = Lists & {
  corpId: string
  agentId: number
  visitor: Visitor
  hasSdk: boolean
  /** Where a message led; null: nowhere in particular. */
  row: string | null
}

const TITLE = titleOf('/staff/')

/** 待添加客户: for whom members must do something before he may query, and the way to the client's own screen for adding. */
export function renderHome({ corpId, agentId, visitor, hasSdk, row, ...lists }: Home): string {
  const shown = renderLists(lists)
  return `${renderHead(TITLE, ` data-corp-id="${escape(corpId)}" data-agent-id="${String(agentId)}"`)}
${renderTop('/staff/', visitor)}
<main id="main" tabindex="-1">${row === null || shown.includes(`id="${row}"`) ? '' : renderGone(row)}<div id="lists" data-from="/staff/lists">${shown}</div></main>
<section id="how" class="card how" role="dialog" aria-labelledby="how-title" tabindex="-1" hidden><h2 id="how-title">怎样添加客户</h2>
<ol><li>在上面点「复制手机号」。</li><li>打开<b>手机上的</b>企业微信：通讯录 → 我的客户 → 添加客户 → <b>搜索手机号添加</b>。</li><li>粘贴手机号，发送申请。</li><li>添加时请保留自动填好的备注手机号：客户的查询权限由它开通。</li></ol>
<button type="button" id="how-close" class="second">知道了</button></section>
<footer><button type="button" id="add" class="first">添加客户</button></footer>
${SAID}
${hasSdk ? '<script src="/staff/wecom-jssdk.js" defer></script>' : ''}<script src="/staff/staff.js" defer></script></body></html>`
}

/** What a message led to is not there any more. */
const renderGone = (row: string): string =>
  `<p id="gone" class="gone" tabindex="-1">${row.startsWith('question') ? '这个号码已经核实好了' : '这位客户已经处理好了'}，不用再处理。</p>`

const EMPTY =
  '<p class="empty" id="empty">现在没有客户在等待。<br>有新客户留下手机号时，企业微信会提醒您。</p>'

/** The part that is fetched again while somebody looks at it. */
export function renderLists({
  waiting,
  unstated,
  otherwise,
  missing,
  now,
  ...asked
}: Lists): string {
  const open = missing.filter(
    ({ answer }) => answer === undefined || new Date(answer.effectiveAt) > now,
  )
  const groups = [
    renderGroup(
      'waiting',
      waiting.map((one) => renderWaiting(one, now)),
    ),
    renderGroup(
      'unstated',
      unstated.map((one) => renderUnstated(one, now)),
    ),
    renderGroup(
      'otherwise',
      otherwise.map((one) => renderOtherwise(one, now)),
    ),
    renderGroup(
      'missing',
      open.map((one) => renderMissing(one, now)),
    ),
    renderGroup('questions', renderQuestions({ ...asked, now })),
  ].join('')
  return groups === '' ? EMPTY : groups
}

const HINTS: Record<Group, string> = {
  waiting: '他们留下了手机号，搜索添加之后就能查询进度。',
  unstated: '他们绑定了微信，但没有留下手机号，所以还没有人能添加。可以在客服聊天里联系他们。',
  otherwise: '他们绑定了微信，但您添加的方式不能证明手机号，所以还不能查询进度。',
  missing: '这些客户是您添加的，但手机号没有备注、不确定或改过，请处理，以免他们不能查询进度。',
  questions:
    '核实之前，客户看不到这些订单。请核对是不是同一个人；拿不准就选「不清楚」，由管理员处理。',
}

const renderGroup = (group: Group, rows: readonly string[]): string =>
  renderSection({
    id: group,
    title: GROUPS[group],
    count: rows.length,
    hint: HINTS[group],
    rows,
  })

/** A page that only says something. */
export const renderMessage = ({
  title,
  text,
  then,
}: {
  title: string
  text: string
  then?: keyof typeof LINKS
}): string =>
  `${renderHead(title)}<header><h1>${TITLE}</h1></header><main class="message"><section class="card" aria-labelledby="title"><h2 id="title">${escape(title)}</h2><p>${escape(text)}</p>${then === undefined ? '' : LINKS[then]}</section></main></body></html>`

const LINKS = {
  sign_in: '<a class="first" href="/staff/login">重新登录</a>',
  home: `<a class="first" href="/staff/">${TITLE}</a>`,
}
