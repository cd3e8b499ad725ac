import { el } from './dom.ts'

/** Who has a phone only while a scene needs him. */
export type Guest = 'attacker' | 'advisor'
export type View = 'phone' | 'wecom' | Guest | 'timeline'
const VIEWS: Record<View, string> = {
  phone: '客户的手机',
  wecom: '企业微信',
  advisor: '顾问',
  attacker: '攻击者',
  timeline: '服务器',
}
export type Views = ReturnType<typeof createViews>

/**
 * Where to look. A wide window shows all sides at once, but for the phones of guests, which share a column with the
 * advisor's WeCom; on a phone one side is shown at a time.
 */
export function createViews() {
  const listeners: ((view: View) => void)[] = []
  const buttons = Object.fromEntries(
    Object.entries(VIEWS).map(([view, text]) => [
      view,
      el('button', { data: { view }, onclick: () => show(view as View) }, text),
    ]),
  ) as Record<View, HTMLButtonElement>
  const switcher = el('nav', { class: 'views', label: '看哪一边' }, ...Object.values(buttons))
  const show = (view: View): void => {
    for (const [name, button] of Object.entries(buttons))
      button.setAttribute('aria-pressed', String(name === view))
    listeners.forEach((listener) => listener(view))
  }
  const guestListeners: ((guest: Guest, isThere: boolean) => void)[] = []
  const setThere = (guest: Guest, isThere: boolean): void => {
    buttons[guest].hidden = !isThere
    guestListeners.forEach((listener) => listener(guest, isThere))
  }
  setThere('attacker', false)
  setThere('advisor', false)
  return {
    switcher,
    show,
    setThere,
    onShow: (listener: (view: View) => void): void => void listeners.push(listener),
    onGuest: (listener: (guest: Guest, isThere: boolean) => void): void =>
      void guestListeners.push(listener),
  }
}
