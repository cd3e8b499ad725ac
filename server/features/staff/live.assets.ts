/**
 * Part of the scripts of the staff pages: the lists live while they are looked at. Uses what base.assets.ts has, and of its page `how`,
 * `underWay`, `readInputs`, `restoreInputs` and `restoreCards`.
 */
export const LIVE_SCRIPT = `
  const rowsIn = (part) => [...part.querySelectorAll('[data-row]')]
  // How long ago something was is no change of a row: it is written anew where it stands.
  const textOf = (row) => row.outerHTML.replace(/(<time[^>]*>)[^<]*/g, '$1')
  const drawn = new WeakMap()
  const noteDrawn = (part) => { for (const row of rowsIn(part)) drawn.set(row, textOf(row)) }

  function renewTimes(row, wanted) {
    const times = wanted.querySelectorAll('time')
    row.querySelectorAll('time').forEach((time, at) => { if (times[at]) time.textContent = times[at].textContent })
  }

  // What is as it was stays the very element: focus, scroll and a reader's place stay with it.
  function syncGroup(group, wanted) {
    const [head, wantedHead] = [group.querySelector('h2'), wanted.querySelector('h2')]
    if (head.innerHTML !== wantedHead.innerHTML) head.innerHTML = wantedHead.innerHTML
    sync(group.querySelector('ul'), wanted.querySelector('ul'))
  }

  function syncOne(one, wanted) {
    if (one.matches('section')) syncGroup(one, wanted)
    else if (drawn.get(one) === drawn.get(wanted)) renewTimes(one, wanted)
    else one.replaceWith(wanted)
  }

  function sync(parent, wanted) {
    const next = new Map([...wanted.children].map((one) => [one.id, one]))
    for (const one of [...parent.children]) {
      if (next.has(one.id)) syncOne(one, next.get(one.id))
      else one.remove()
    }
    const here = new Map([...parent.children].map((one) => [one.id, one]))
    let at = parent.firstElementChild
    for (const [id, one] of next) {
      const kept = here.get(id) || one
      if (kept === at) at = at.nextElementSibling
      else parent.insertBefore(kept, at)
    }
  }

  const FIELDS = 'button, input, select, textarea, summary'
  // Where somebody was: the button of its row, by its place; else the row; else the list.
  function placeOf(element) {
    const row = element && element.closest && element.closest('[data-row]')
    return row && { id: row.id, at: [...row.querySelectorAll(FIELDS)].indexOf(element) }
  }
  function returnTo(place) {
    if (!place || (document.activeElement && document.activeElement !== document.body)) return
    const row = byId(place.id)
    const next = row ? row.querySelectorAll(FIELDS)[place.at] || row : byId('main')
    next.focus({ preventScroll: true })
  }

  function draw(html) {
    const wanted = document.createElement('template')
    wanted.innerHTML = html
    noteDrawn(wanted.content)
    const [place, typed, before] = [placeOf(document.activeElement), readInputs(), new Set(rowsIn(lists).map((row) => row.id))]
    sync(lists, wanted.content)
    restoreInputs(typed)
    restoreCards()
    for (const button of lists.querySelectorAll('[data-reveal]')) {
      const phone = revealed.get(button.dataset.reveal)
      if (phone) showPhone(button, phone)
    }
    returnTo(place)
    tellNew(before)
  }

  // Only what is new is read out, not the list.
  function tellNew(before) {
    const news = [...lists.querySelectorAll('section')].flatMap((group) => {
      const count = rowsIn(group).filter((row) => !before.has(row.id)).length
      return count === 0 ? [] : [group.querySelector('h2').firstChild.textContent.trim() + '：新增 ' + count + ' 条']
    })
    if (news.length > 0) byId('news').textContent = news.join('，')
  }

  let asked = 0
  let tag = ''
  // Whether the server answered; what was seen already is not sent again.
  async function refresh() {
    const mine = (asked += 1)
    const response = await fetch(lists.dataset.from, { credentials: 'same-origin', headers: { 'If-None-Match': tag } }).catch(() => null)
    if (response && response.status === 401) return signIn()
    if (response && response.status === 403) return location.replace('/staff/') // this page is not his any more
    if (response && response.status === 304) return true
    if (!response || !response.ok) return false
    const html = await response.text()
    if (mine !== asked) return true // a later answer is on its way, and says more
    tag = response.headers.get('ETag') || ''
    draw(html)
    return true
  }

  // While somebody answers, reads how it is done, types or marks a number nothing moves under his fingers.
  function isBusy() {
    const marked = window.getSelection && getSelection()
    const isMarking = marked && !marked.isCollapsed && lists.contains(marked.anchorNode)
    const isTyping = document.activeElement && document.activeElement.matches('input[type=date], select, textarea')
    return isMarking || isTyping || !how.hidden || underWay.size > 0 || lists.querySelector('[data-left]') !== null
  }

  const EVERY_MS = 15000
  const MOST_MS = 300000
  let wait = EVERY_MS
  let turn
  function waitForTurn() {
    clearTimeout(turn)
    if (document.visibilityState === 'visible') turn = setTimeout(look, wait + Math.random() * wait / 3)
  }
  async function look() {
    const isFine = isBusy() || (await refresh())
    wait = isFine ? EVERY_MS : Math.min(MOST_MS, wait * 2)
    waitForTurn()
  }
  function lookNow() {
    if (document.visibilityState !== 'visible') return clearTimeout(turn)
    wait = EVERY_MS
    void refresh()
    waitForTurn()
  }

  function showRow() {
    const gone = byId('gone')
    if (gone) return gone.focus()
    const asked = new URLSearchParams(location.search).get('row')
    const row = asked && byId(asked)
    if (!row || !lists.contains(row)) return
    if ('row' in row.dataset) row.classList.add('lit')
    row.scrollIntoView({ block: 'row' in row.dataset ? 'center' : 'start' })
    row.focus({ preventScroll: true })
  }

  function begin() {
    noteDrawn(lists)
    restoreCards()
    showRow()
    document.addEventListener('visibilitychange', lookNow)
    window.addEventListener('online', lookNow)
    waitForTurn()
  }
`
