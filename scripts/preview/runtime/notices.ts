import type { Host, Notice } from './host.ts'

const LOOK_MS = 1500

type Deps = { host: Host; open: (path: string) => void }

/** 服务通知 of WeChat: a bell that counts what has come, and the messages, whose tap opens their page. */
export function createNotices({ host, open }: Deps): HTMLElement {
  const bell = Object.assign(document.createElement('button'), { className: 'mp-bell' })
  bell.style.visibility = 'hidden'
  let shown: Notice[] = []
  bell.onclick = () => showList(shown, open)
  const look = async (): Promise<void> => {
    const notices = document.hidden ? shown : await host.notices().catch(() => shown)
    if (notices.length > shown.length) announce(notices.at(-1)!, open)
    shown = notices
    bell.style.visibility = shown.length === 0 ? 'hidden' : ''
    bell.textContent = String(shown.length)
    bell.setAttribute('aria-label', `服务通知 ${String(shown.length)} 条`)
    setTimeout(() => void look(), LOOK_MS)
  }
  // what came before the phone was picked up is in the list, and is no news
  void host
    .notices()
    .then((before) => {
      shown = before
    })
    .catch(() => {})
    .finally(() => void look())
  return bell
}

const ANNOUNCED_MS = 6000

function announce(notice: Notice, open: (path: string) => void): void {
  const banner = toCard(notice, (path) => {
    banner.remove()
    open(path)
  })
  banner.classList.add('mp-banner')
  banner.setAttribute('role', 'alert')
  document.body.append(banner)
  setTimeout(() => banner.remove(), ANNOUNCED_MS)
}

function showList(notices: readonly Notice[], open: (path: string) => void): void {
  const dialog = Object.assign(document.createElement('dialog'), { className: 'mp-notices' })
  dialog.setAttribute('aria-label', '服务通知')
  const close = Object.assign(document.createElement('button'), {
    textContent: '关闭',
    onclick: () => dialog.remove(),
  })
  const cards = notices.map((notice) =>
    toCard(notice, (path) => {
      dialog.remove()
      open(path)
    }),
  )
  dialog.append(
    Object.assign(document.createElement('h2'), { textContent: '服务通知' }),
    ...cards.reverse(),
    close,
  )
  dialog.oncancel = () => dialog.remove()
  document.body.append(dialog)
  dialog.showModal()
}

/** A message without a page opens nothing. */
function toCard({ title, lines, page }: Notice, open: (path: string) => void): HTMLElement {
  const card = Object.assign(document.createElement('div'), { className: 'mp-notice' })
  const list = document.createElement('dl')
  list.append(
    ...lines.flatMap(({ label, text }) => [
      Object.assign(document.createElement('dt'), { textContent: label }),
      Object.assign(document.createElement('dd'), { textContent: text }),
    ]),
  )
  const way = Object.assign(document.createElement('button'), {
    textContent: '进入小程序查看',
    onclick: () => open(page ?? ''),
  })
  card.append(
    Object.assign(document.createElement('h2'), { textContent: title }),
    list,
    ...(page === null ? [] : [way]),
  )
  return card
}
