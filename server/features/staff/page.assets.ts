import { LIVE_SCRIPT } from './live.assets.ts'
import { QUESTIONS_SCRIPT } from './questions.assets.ts'

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
    clearTimeout(hideToast)
    hideToast = setTimeout(() => { toast.textContent = '' }, 3500)
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
  const signIn = () => { location.href = '/staff/login?return=' + encodeURIComponent(location.pathname + location.search) }

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
      if (!known) void refresh()
    } catch (error) {
      say(error.message)
      void refresh()
    } finally {
      button.disabled = false
    }
  }

  async function submit(button) {
    button.disabled = true
    try {
      await ask('POST', '/api/staff/added-otherwise/' + button.dataset.submit + '/submit')
      say('已提交，管理员会核实')
    } catch (error) {
      say(error.message)
      button.disabled = false
    }
    await refresh()
  }

${QUESTIONS_SCRIPT}
${LIVE_SCRIPT}
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
    if (how.hidden === !isNeeded) return
    how.hidden = !isNeeded
    byId('toast').textContent = ''
    const next = isNeeded ? how : byId('add')
    next.focus({ preventScroll: true })
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
    const button = event.target.closest('button')
    if (!button) return
    const { reveal: claim, submit: customer, choice, answer } = button.dataset
    if (claim) void reveal(button)
    else if (customer) void submit(button)
    else if (choice) chooseNumber(button)
    else if (answer) answerQuestion(button)
    else takeBack(button)
  })
  byId('add').addEventListener('click', (event) => void add(event.currentTarget))
  byId('how-close').addEventListener('click', () => explain(false))
  how.addEventListener('keydown', (event) => { if (event.key === 'Escape') explain(false) })
  byId('sign-out').addEventListener('click', () => {
    ask('POST', '/api/staff/sign-out').then(() => { location.replace('/staff/signed-out') }, (error) => say(error.message))
  })
  begin()
})()
`
