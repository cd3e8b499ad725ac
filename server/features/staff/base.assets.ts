/** Part of the scripts of all staff pages: what they say, ask, copy and show. */
export const BASE_SCRIPT = `
  const byId = (id) => document.getElementById(id)
  const lists = byId('lists')
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

  // Copies at once what is told only now.
  async function revealAt(button, path, toPhone, done) {
    const id = button.dataset.reveal
    button.disabled = true
    try {
      const known = revealed.get(id)
      const phone = known ? Promise.resolve(known) : ask('POST', path).then(toPhone)
      const copied = await copy(phone)
      revealed.set(id, await phone)
      showPhone(button, revealed.get(id))
      say(copied ? done : '请长按号码复制')
      if (!known) void refresh()
    } catch (error) {
      say(error.message)
      void refresh()
    } finally {
      button.disabled = false
    }
  }

  byId('sign-out').addEventListener('click', () => {
    ask('POST', '/api/staff/sign-out').then(() => { location.replace('/staff/signed-out') }, (error) => say(error.message))
  })
`
