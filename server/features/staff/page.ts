import type { PhoneMissing, WaitingCustomer } from '../../../shared/api/staff.ts'
import { escape } from './html.ts'
import { renderQuestions, type Asked } from './page.questions.ts'
import { toWaited } from './staff.rules.ts'

type Lists = Asked & { waiting: readonly WaitingCustomer[]; missing: readonly PhoneMissing[] }
type Home = Lists & { corpId: string; agentId: number; memberName: string; hasSdk: boolean }

const head = (title: string, attributes = ''): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no">
<title>${escape(title)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/staff/staff.css"></head><body${attributes}>`

/** 待添加客户: who waits, whose phone is missing, and the way to the client's own screen for adding. */
export function renderHome({ corpId, agentId, memberName, hasSdk, ...lists }: Home): string {
  return `${head('待添加客户', ` data-corp-id="${escape(corpId)}" data-agent-id="${String(agentId)}"`)}
<header><h1>待添加客户</h1><p><span>${escape(memberName)}</span><button class="plain" id="sign-out" type="button">退出</button></p></header>
<main id="lists" tabindex="-1">${renderLists(lists)}</main>
<section id="how" class="card how" role="dialog" aria-labelledby="how-title" hidden><h2 id="how-title">怎样添加客户</h2>
<ol><li>在上面点「复制手机号」。</li><li>打开<b>手机上的</b>企业微信：通讯录 → 我的客户 → 添加客户 → <b>搜索手机号添加</b>。</li><li>粘贴手机号，发送申请。</li><li>添加时请保留自动填好的备注手机号：客户的查询权限由它开通。</li></ol>
<button type="button" id="how-close" class="second">知道了</button></section>
<footer><button type="button" id="add" class="first">添加客户</button></footer>
<p id="toast" role="status" aria-live="polite" hidden></p>
${hasSdk ? '<script src="/staff/wecom-jssdk.js" defer></script>' : ''}<script src="/staff/staff.js" defer></script></body></html>`
}

/** The part that is fetched again when the page comes back to the front. */
export function renderLists({ waiting, missing, now, ...asked }: Lists): string {
  const customers =
    waiting.length === 0
      ? '<p class="empty">现在没有客户在等待。<br>有新客户留下手机号时，企业微信会提醒您。</p>'
      : `<ul>${waiting.map((customer) => renderWaiting(customer, now)).join('')}</ul>`
  const unclear =
    missing.length === 0
      ? ''
      : `<h2>手机号待处理 <span class="count">${String(missing.length)}</span></h2>
<p class="hint">这些客户是您添加的，但手机号没有备注、不确定或改过，请处理，以免他们不能查询进度。</p><ul>${missing.map((one) => renderMissing(one, now)).join('')}</ul>`
  return `${renderQuestions({ ...asked, now })}<h2>等待添加 <span class="count">${String(waiting.length)}</span></h2>${customers}${unclear}`
}

function renderWaiting(
  { id, phoneMasked, name, contested, mine, since }: WaitingCustomer,
  now: Date,
): string {
  const warning = contested
    ? '<p class="warning">有多个微信号填写了这个手机号，添加后请先核实身份。</p>'
    : ''
  return `<li class="card"><div class="who"><b class="phone">${escape(phoneMasked)}</b>${mine ? '<em class="mine">我负责</em>' : ''}<span>${name === undefined ? '' : `${escape(name)} · `}${toWaited(new Date(since), now)}</span></div>${warning}
<button type="button" class="second" data-reveal="${String(id)}">复制手机号</button></li>`
}

function renderMissing(
  { name, since, hint, reviewId, choices = [] }: PhoneMissing,
  now: Date,
): string {
  const buttons = choices
    .map(
      ({ choice, phoneMasked }) =>
        `<button type="button" class="second" data-review="${String(reviewId)}" data-choice="${escape(choice)}">${escape(phoneMasked)} 是客户本人的</button>`,
    )
    .join('')
  return `<li class="card"><div class="who"><b>${escape(name ?? '未命名客户')}</b><span>${toWaited(new Date(since), now)}</span></div><p class="hint">${escape(hint)}</p>${buttons}</li>`
}

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
  `${head(title)}<main class="message"><h1>${escape(title)}</h1><p>${escape(text)}</p>${then === undefined ? '' : LINKS[then]}</main></body></html>`

const LINKS = {
  sign_in: '<a class="first" href="/staff/login">重新登录</a>',
  home: '<a class="first" href="/staff/">待添加客户</a>',
}
