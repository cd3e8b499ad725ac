import { BASE_SCRIPT } from './base.assets.ts'
import { LIVE_SCRIPT } from './live.assets.ts'
import { QUESTIONS_SCRIPT } from './questions.assets.ts'

/** For webviews of some years ago as well; without it the lists are still there to read. */
export const SCRIPT = `
(() => {
  'use strict'
${BASE_SCRIPT}
  const how = byId('how')
  const reveal = (button) =>
    revealAt(button, '/api/staff/pending-customers/' + button.dataset.reveal + '/reveal', (data) => data.phoneNumber, '已复制，去搜索手机号添加客户')

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
  begin()
})()
`
