/** Part of the staff pages' script (page.assets.ts): 号码核实. Uses its `lists`, `ask`, `say` and `refresh`. */
export const QUESTIONS_SCRIPT = `
  const underWay = new Set()
  const cardOf = (id) => lists.querySelector('[data-question="' + id + '"]')
  const idOf = (element) => element.closest('[data-question]').dataset.question
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

  async function settle(button, path, body, done) {
    const id = idOf(button)
    if (underWay.has(id)) return
    underWay.add(id)
    restoreCards()
    try {
      await ask('POST', '/api/staff/questions/' + id + path, body)
      say(done)
    } catch (error) {
      say(error.message)
    }
    await refresh()
    underWay.delete(id)
    restoreCards()
    focusOn(cardOf(id))
  }

  function answerQuestion(button) {
    const body = toAnswer(button.closest('[data-question]'), button.dataset.answer)
    if (!body) return say('请至少勾选一个订单')
    void settle(button, '/answer', body, '已回答，10 秒内可以撤回')
  }
  const takeBack = (button) => void settle(button, '/take-back', undefined, '已撤回，请重新回答')

  function focusOn(card) {
    const next = (card && card.querySelector('button:not(:disabled)')) || lists
    next.focus({ preventScroll: true })
  }

  function restoreCards() {
    for (const card of lists.querySelectorAll('[data-question]')) card.querySelector('fieldset').disabled = underWay.has(card.dataset.question)
    countDown()
  }

  // A list that is read again must not tick what he has not ticked.
  function readInputs() {
    const typed = new Map()
    for (const card of lists.querySelectorAll('[data-question]')) {
      for (const order of card.querySelectorAll('[data-order]')) {
        if (boxOf(order)) typed.set(card.dataset.question + ' ' + order.dataset.order, boxOf(order).checked)
      }
      const since = card.querySelector('[name=since]')
      if (since) typed.set(card.dataset.question, since.value)
    }
    return typed
  }

  function restoreInputs(typed) {
    for (const card of lists.querySelectorAll('[data-question]')) {
      for (const order of card.querySelectorAll('[data-order]')) {
        const ticked = typed.get(card.dataset.question + ' ' + order.dataset.order)
        if (boxOf(order) && ticked !== undefined) boxOf(order).checked = ticked
      }
      const since = card.querySelector('[name=since]')
      if (since && typed.has(card.dataset.question)) since.value = typed.get(card.dataset.question)
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
    const card = timer.closest('[data-question]')
    const isFocused = card.contains(document.activeElement)
    card.remove()
    if (isFocused) focusOn(null)
    void refresh()
  }
`
