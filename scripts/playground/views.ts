import { el } from './dom.ts'

export type View = 'phone' | 'wecom' | 'attacker' | 'timeline'
const VIEWS: Record<View, string> = {
  phone: '客户的手机',
  wecom: '顾问',
  attacker: '攻击者',
  timeline: '服务器',
}
export type Views = ReturnType<typeof createViews>

/**
 * Where to look. A wide window shows all sides at once, but for the attacker's phone, which shares a column with the
 * advisor; on a phone one side is shown at a time.
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
  const attackerListeners: ((isThere: boolean) => void)[] = []
  const hasAttacker = (isThere: boolean): void => {
    buttons.attacker.hidden = !isThere
    attackerListeners.forEach((listener) => listener(isThere))
  }
  hasAttacker(false)
  return {
    switcher,
    show,
    hasAttacker,
    onShow: (listener: (view: View) => void): void => void listeners.push(listener),
    onAttacker: (listener: (isThere: boolean) => void): void =>
      void attackerListeners.push(listener),
  }
}
