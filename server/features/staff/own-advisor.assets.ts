import { BASE_SCRIPT } from './base.assets.ts'
import { LIVE_SCRIPT } from './live.assets.ts'

/** 线索和预约: what an advisor does there; without it the lists are still there to read. */
export const OWN_ADVISOR_SCRIPT = `
(() => {
  'use strict'
${BASE_SCRIPT}
  const how = { hidden: true }
  const underWay = new Set()
  const fields = () => [...lists.querySelectorAll('select, textarea')]
  const keyOf = (field) => field.closest('[data-row]').id + ' ' + field.name
  const saidBefore = (field) => (field.name === 'note' ? field.defaultValue : field.querySelector('[selected]').value)
  const isChanged = (field) => field.value !== saidBefore(field)

  // A list that is read again must not take what he has begun to write, nor close what he has opened.
  function readInputs() {
    const opened = [...lists.querySelectorAll('details[open]')].map((one) => one.closest('[data-row]').id)
    return { opened, written: new Map(fields().filter(isChanged).map((field) => [keyOf(field), field.value])) }
  }
  function restoreInputs({ opened, written }) {
    for (const field of fields()) if (written.has(keyOf(field))) field.value = written.get(keyOf(field))
    for (const id of opened) {
      const details = byId(id) && byId(id).querySelector('details')
      if (details) details.open = true
    }
  }
  function restoreCards() {
    for (const row of rowsIn(lists)) {
      const isWaiting = underWay.has(row.id)
      for (const button of row.querySelectorAll('button')) button.disabled = isWaiting
    }
  }

  async function act(element, deed, done) {
    const [row, place] = [element.closest('[data-row]'), placeOf(element)]
    if (underWay.has(row.id)) return
    underWay.add(row.id)
    restoreCards()
    try {
      await deed()
      const details = row.querySelector('details')
      if (details) details.open = false
      say(done)
    } catch (error) {
      say(error.message)
    }
    await refresh()
    underWay.delete(row.id)
    restoreCards()
    returnTo(place)
  }

  const idOf = (element) => element.closest('[data-row]').dataset.row
  function save(form) {
    const said = [...form.querySelectorAll('select, textarea')].filter(isChanged)
    if (said.length === 0) return say('没有改动')
    const body = Object.fromEntries(said.map((field) => [field.name, field.value]))
    void act(form.querySelector('button'), () => ask('POST', '/api/staff/leads/' + idOf(form), body), '已保存')
  }

  // What cannot be taken back is asked for twice.
  const SURE = '再点一次，确认取消'
  function move(button) {
    const state = button.dataset.move
    if (state !== '已取消' || button.textContent === SURE)
      return void act(button, () => ask('POST', '/api/staff/bookings/' + idOf(button), { state }), '已更新')
    const label = button.textContent
    button.textContent = SURE
    byId('news').textContent = SURE
    setTimeout(() => { button.textContent = label }, 5000)
  }

${LIVE_SCRIPT}
  lists.addEventListener('click', (event) => {
    const button = event.target.closest('button')
    if (!button) return
    const { reveal: lead, move: state } = button.dataset
    if (lead) void revealAt(button, '/api/staff/leads/' + lead + '/reveal', (data) => data.phone, '已复制手机号')
    else if (state) move(button)
  })
  lists.addEventListener('submit', (event) => {
    event.preventDefault()
    save(event.target)
  })
  begin()
})()
`
