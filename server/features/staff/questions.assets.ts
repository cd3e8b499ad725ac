/** Part of the staff pages' script (page.assets.ts): what is asked and answered, and taken back. Uses its `lists`, `ask`, `say` and `refresh`. */
export const QUESTIONS_SCRIPT = `
  const underWay = new Set()
  const cardOf = (asked) => lists.querySelector('[data-asked="' + asked + '"]')
  const askedOf = (element) => element.closest('[data-asked]').dataset.asked
  const boxOf = (order) => order.querySelector('input')

  // What he does not tick is not his word: the orders he saw are named, never "all there are by now".
  function toAnswer(card, answer) {
    const orders = [...card.querySelectorAll('[data-order]')]
    const named = orders.filter((order) => !boxOf(order) || boxOf(order).checked).map((order) => order.dataset.order)
    if (answer === 'unknown') return { answer }
    if (orders.length > 0 && named.length === 0) return null
    if (answer === 'same') return { answer, orders: named }
    const field = card.querySelector('[name=since]')
    const since = field && field.value
    return { answer, ...(named.length < orders.length && { orders: named }), ...(since && { since: new Date(since + 'T00:00:00').toISOString() }) }
  }

  // What the card says itself is only read out: a word over it would hide the way back.
  const tellAnswered = () => { byId('news').textContent = '已回答，10 秒内可以撤回' }

  async function settle(button, path, body, done) {
    const asked = askedOf(button)
    if (underWay.has(asked)) return
    underWay.add(asked)
    restoreCards()
    try {
      await ask('POST', '/api/staff/' + asked + path, body)
      done()
    } catch (error) {
      say(error.message)
    }
    await refresh()
    underWay.delete(asked)
    restoreCards()
    focusOn(cardOf(asked))
  }

  function answerQuestion(button) {
    const body = toAnswer(button.closest('[data-asked]'), button.dataset.answer)
    if (!body) return say('请至少勾选一个订单')
    void settle(button, '/answer', body, tellAnswered)
  }
  const chooseNumber = (button) => void settle(button, '/confirm', { choice: button.dataset.choice }, tellAnswered)
  const takeBack = (button) => void settle(button, '/take-back', undefined, () => say('已撤回，请重新回答'))

  function focusOn(card) {
    const next = (card && card.querySelector('button:not(:disabled)')) || byId('main')
    next.focus({ preventScroll: true })
    if (card) next.scrollIntoView({ block: 'nearest' })
  }

  function restoreCards() {
    for (const card of lists.querySelectorAll('[data-asked]')) card.querySelector('fieldset').disabled = underWay.has(card.dataset.asked)
    countDown()
  }

  // A list that is read again must not tick what he has not ticked.
  function readInputs() {
    const typed = new Map()
    for (const card of lists.querySelectorAll('[data-asked]')) {
      for (const order of card.querySelectorAll('[data-order]')) {
        if (boxOf(order)) typed.set(card.dataset.asked + ' ' + order.dataset.order, boxOf(order).checked)
      }
      const since = card.querySelector('[name=since]')
      if (since) typed.set(card.dataset.asked, since.value)
    }
    return typed
  }

  function restoreInputs(typed) {
    for (const card of lists.querySelectorAll('[data-asked]')) {
      for (const order of card.querySelectorAll('[data-order]')) {
        const ticked = typed.get(card.dataset.asked + ' ' + order.dataset.order)
        if (boxOf(order) && ticked !== undefined) boxOf(order).checked = ticked
      }
      const since = card.querySelector('[name=since]')
      if (since && typed.has(card.dataset.asked)) since.value = typed.get(card.dataset.asked)
    }
  }

  let counting
  function countDown() {
    clearTimeout(counting)
    const left = [...lists.querySelectorAll('[data-left]')]
    for (const timer of left) {
      if (timer.until === undefined) timer.until = Date.now() + Number(timer.dataset.left)
      const seconds = Math.ceil((timer.until - Date.now()) / 1000)
      timer.textContent = String(Math.max(0, seconds))
      if (seconds <= 0) endOf(timer)
    }
    if (left.length > 0) counting = setTimeout(countDown, 250)
  }

  function endOf(timer) {
    const card = timer.closest('[data-asked]')
    const isFocused = card.contains(document.activeElement)
    card.remove()
    if (isFocused) focusOn(null)
    void refresh()
  }
`
