import { QUESTIONS_SCRIPT } from './questions.assets.ts'

/** Served under /staff/ by the policy of the front door: nothing inline, nothing from elsewhere. */
export const STYLE = `
:root { --back: #f5f6f8; --card: #fff; --text: #1a1c20; --soft: #60656e; --line: #e3e5e9; --accent: #2f6bd8; --on-accent: #fff; --warn: #9a4b00; --warn-back: #fff4e5 }
@media (prefers-color-scheme: dark) { :root { --back: #16181c; --card: #212429; --text: #eceef1; --soft: #a2a8b2; --line: #363a41; --accent: #78a5f7; --on-accent: #10203c; --warn: #ffc98a; --warn-back: #3a2b16 } }
* { box-sizing: border-box }
[hidden] { display: none !important }
body { margin: 0 auto; max-width: 640px; padding: 0 16px calc(104px + env(safe-area-inset-bottom)); background: var(--back); color: var(--text);
  font: 16px/1.5 -apple-system, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif; -webkit-text-size-adjust: 100% }
header { display: flex; align-items: center; justify-content: space-between; gap: 16px; padding-top: 12px }
header p { display: flex; align-items: center; min-width: 0; margin: 0; color: var(--soft); font-size: 14px }
header span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
header h1, header button { flex: none }
h1 { margin: 8px 0; font-size: 22px }
h2 { margin: 20px 0 8px; font-size: 16px }
.count { color: var(--soft); font-weight: normal }
ul { list-style: none; margin: 0; padding: 0 }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; margin-bottom: 12px }
.who { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 12px }
.who b { font-size: 20px; overflow-wrap: anywhere; font-variant-numeric: tabular-nums }
.who span, .hint, .empty { color: var(--soft); font-size: 14px }
.who .mine { align-self: center; margin-right: auto; padding: 0 8px; border-radius: 8px; background: var(--accent); color: var(--on-accent); font-size: 13px; font-style: normal }
.hint { margin: 4px 0 8px }
.card .hint { margin-bottom: 0 }
.warning { margin: 8px 0 0; padding: 8px 12px; border-radius: 8px; background: var(--warn-back); color: var(--warn); font-size: 14px }
.empty { padding: 32px 16px; text-align: center; background: var(--card); border: 1px dashed var(--line); border-radius: 12px; margin: 0 }
button, .first { font: inherit; min-height: 48px; border-radius: 12px; border: 0; padding: 0 16px; width: 100%; cursor: pointer; -webkit-tap-highlight-color: transparent }
button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
button:disabled { opacity: .6 }
.first { background: var(--accent); color: var(--on-accent); font-weight: 600 }
.second { margin-top: 12px; background: transparent; color: var(--accent); border: 1px solid var(--accent); font-weight: 600 }
.plain { width: auto; margin-right: -8px; background: transparent; color: var(--soft); padding: 0 8px; text-decoration: underline }
a.first { display: flex; align-items: center; justify-content: center; text-decoration: none }
footer { position: fixed; left: 0; right: 0; bottom: 0; padding: 12px 16px calc(12px + env(safe-area-inset-bottom)); background: var(--back); border-top: 1px solid var(--line) }
footer button { display: block; max-width: 608px; margin: 0 auto }
.how { position: fixed; border: 2px solid var(--accent); left: 16px; right: 16px; bottom: calc(88px + env(safe-area-inset-bottom)); max-width: 608px; max-height: calc(100vh - 104px - env(safe-area-inset-bottom)); overflow-y: auto; margin: 0 auto; box-shadow: 0 8px 40px rgba(0, 0, 0, .35) }
.how h2 { margin-top: 0 }
.how ol { margin: 0; padding-left: 22px }
#toast { position: fixed; left: 16px; right: 16px; bottom: calc(96px + env(safe-area-inset-bottom)); width: fit-content; margin: 0 auto; padding: 10px 18px; border-radius: 20px; background: var(--text); color: var(--back); font-size: 15px }
.message { padding-top: 20vh; text-align: center }
.message p { color: var(--soft); margin-bottom: 24px; text-wrap: balance }
main:focus { outline: none }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0 }
legend { padding: 0; font-weight: 600 }
legend b { font-size: 20px; font-variant-numeric: tabular-nums; white-space: nowrap }
h3 { margin: 12px 0 4px; color: var(--soft); font-size: 14px; font-weight: normal }
dl { margin: 0 }
dl div { display: flex; gap: 12px }
dt { flex: none; width: 4.5em; color: var(--soft) }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
.orders li { padding: 8px 0; border-top: 1px solid var(--line) }
.orders label { display: flex; gap: 12px; min-height: 48px; cursor: pointer }
.orders span { min-width: 0; overflow-wrap: anywhere }
.part { display: inline-block; max-width: 100%; margin-right: 6px }
.orders small { display: block; color: var(--soft); font-size: 14px }
input[type=checkbox] { flex: none; width: 22px; height: 22px; margin: 1px 0 0; accent-color: var(--accent) }
.since { margin: 8px 0 0; padding-top: 12px; border-top: 1px solid var(--line) }
.since label { display: block }
input[type=date] { font: inherit; width: 100%; min-height: 48px; margin-top: 4px; padding: 0 12px; border: 1px solid var(--line); border-radius: 12px; background: var(--back); color: inherit }
input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.answered { margin: 12px 0 0; padding: 8px 12px; border-radius: 8px; background: var(--back) }
.answered [data-left] { font-variant-numeric: tabular-nums; font-weight: 600 }
.phone { user-select: all; -webkit-user-select: all }
.phone span { color: inherit; font-size: inherit }
.phone span + span { margin-left: .3em }
`

/** For webviews of some years ago as well; without it the lists are still there to read. */
export const SCRIPT = `
(() => {
  'use strict'
  const byId = (id) => document.getElementById(id)
  const lists = byId('lists')
  const how = byId('how')
  const revealed = new Map()
  let hideToast

  function say(text) {
    const toast = byId('toast')
    toast.textContent = text
    toast.hidden = false
    clearTimeout(hideToast)
    hideToast = setTimeout(() => { toast.hidden = true }, 3500)
  }

  async function ask(method, path, body) {
    const headers = { 'X-Staff-Page': '1', ...(body && { 'Content-Type': 'application/json' }) }
    const response = await fetch(path, { method, credentials: 'same-origin', headers, body: body && JSON.stringify(body) }).catch(() => null)
    if (!response) throw new Error('网络不通，请稍后再试')
    if (response.status === 401) { signIn(); throw new Error('登录已失效，正在重新登录') }
    const answer = await response.json().catch(() => ({}))
    if (!answer.success) throw new Error(answer.message || '操作失败，请稍后再试')
    return answer.data
  }
  const signIn = () => { location.href = '/staff/login?return=' + encodeURIComponent(location.pathname) }

  // Safari lets a page write to the clipboard after a wait only when it was promised the text at the tap.
  async function copy(promise) {
    if (navigator.clipboard && window.ClipboardItem) {
      try {
        await navigator.clipboard.write([new ClipboardItem({ 'text/plain': promise.then((text) => new Blob([text], { type: 'text/plain' })) })])
        return true
      } catch { /* the next way */ }
    }
    const text = await promise
    if (navigator.clipboard) {
      try { await navigator.clipboard.writeText(text); return true } catch { /* the last way */ }
    }
    return copyBySelection(text)
  }

  function copyBySelection(text) {
    const area = document.createElement('textarea')
    area.value = text
    area.readOnly = true
    area.className = 'phone'
    document.body.append(area)
    area.select()
    area.setSelectionRange(0, text.length)
    let done = false
    try { done = document.execCommand('copy') } catch { /* not here */ }
    area.remove()
    return done
  }

  // Gaps for the eye only: who selects the number gets eleven digits.
  function spaced(phone) {
    return [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)].map((part) => {
      const span = document.createElement('span')
      span.textContent = part
      return span
    })
  }

  function showPhone(button, phone) {
    button.closest('.card').querySelector('.phone').replaceChildren(...spaced(phone))
    button.textContent = '再次复制'
  }

  async function reveal(button) {
    const id = button.dataset.reveal
    button.disabled = true
    try {
      const known = revealed.get(id)
      const phone = known ? Promise.resolve(known) : ask('POST', '/api/staff/pending-customers/' + id + '/reveal').then((data) => data.phoneNumber)
      const copied = await copy(phone)
      revealed.set(id, await phone)
      showPhone(button, revealed.get(id))
      say(copied ? '已复制，去搜索手机号添加客户' : '请长按号码复制')
    } catch (error) {
      say(error.message)
      void refresh()
    } finally {
      button.disabled = false
    }
  }

  async function confirmPhone(button) {
    button.disabled = true
    try {
      await ask('POST', '/api/staff/reviews/' + button.dataset.review + '/confirm', { choice: button.dataset.choice })
      say('已确认这个号码')
    } catch (error) {
      say(error.message)
      button.disabled = false
    }
    void refresh()
  }

${QUESTIONS_SCRIPT}
  let asked = 0
  async function refresh() {
    const mine = (asked += 1)
    const response = await fetch('/staff/lists', { credentials: 'same-origin' }).catch(() => null)
    if (response && response.status === 401) return signIn()
    if (!response || !response.ok) return
    const html = await response.text()
    if (mine !== asked) return // a later answer is on its way, and says more
    const typed = readInputs()
    lists.innerHTML = html
    restoreInputs(typed)
    restoreCards()
    for (const button of lists.querySelectorAll('[data-reveal]')) {
      const phone = revealed.get(button.dataset.reveal)
      if (phone) showPhone(button, phone)
    }
  }

  // Only phones have the screen for adding (declaration of navigateToAddCustomer in @wecom/jssdk): at a desk nothing is tried.
  const sdk = /wxwork/i.test(navigator.userAgent) && /mobile|android|harmony/i.test(navigator.userAgent) ? window.ww : undefined
  const signature = (identity) => (url) => ask('GET', '/api/wecom/jssdk-signature?url=' + encodeURIComponent(url)).then((data) => data[identity])
  // Verifies at once, so that a tap finds it done; what failed is tried again by the tap.
  if (sdk) {
    sdk.register({
      corpId: document.body.dataset.corpId, agentId: document.body.dataset.agentId, jsApiList: ['navigateToAddCustomer'],
      getConfigSignature: signature('config'), getAgentConfigSignature: signature('agentConfig'),
    })
  }

  // The SDK waits for the client's bridge for ever, and the button would seem dead.
  const inTime = (promise) => Promise.race([promise, new Promise((_, reject) => { setTimeout(reject, 5000) })])

  async function openScreen(button) {
    button.disabled = true
    await inTime(sdk.ensureConfigReady()).finally(() => { button.disabled = false })
    await sdk.navigateToAddCustomer()
  }

  function explain(isNeeded) {
    how.hidden = !isNeeded
    byId('toast').hidden = true
  }

  async function add(button) {
    explain(!sdk)
    if (!sdk) return
    try {
      await openScreen(button)
    } catch (error) {
      explain(!/cancel/.test(String(error && error.errMsg)))
    }
  }

  lists.addEventListener('click', (event) => {
    const button = event.target.closest('[data-reveal], [data-review], [data-answer], [data-take-back]')
    if (!button) return
    if (button.dataset.answer) answerQuestion(button)
    else if ('takeBack' in button.dataset) takeBack(button)
    else void (button.dataset.review ? confirmPhone(button) : reveal(button))
  })
  restoreCards()
  byId('add').addEventListener('click', (event) => void add(event.currentTarget))
  byId('how-close').addEventListener('click', () => explain(false))
  byId('sign-out').addEventListener('click', () => {
    ask('POST', '/api/staff/sign-out').then(() => { document.body.textContent = '已退出，可以关闭页面。' }, (error) => say(error.message))
  })
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') void refresh() })
})()
`
