import { el } from './dom.ts'
import { createSecondPhone } from './second-phone.ts'
import { until } from './stage.ts'
import type { Views } from './views.ts'

export type Attacker = ReturnType<typeof createAttacker>

/** A mini-program that is opened for the first time takes a while on a slow machine. */
const PATIENCE_S = 25
const GROUPED = /^\s*(\d{3})\s?(\d{3})\s*$/

/** The mini-program of whoever attacks. */
export function createAttacker(views: Views) {
  const { element, arrive, openMini, leave, frame } = createSecondPhone(views, 'attacker', {
    title: '攻击者的小程序',
    phone: '攻击者的手机',
    pill: el('span', { class: 'pill bad' }, '攻击者'),
  })
  return {
    element,
    arrive,
    openMini,
    leave,
    /** The digits on his screen, as he would read them out to somebody. */
    readDigits: (): Promise<string> =>
      until(async () => digitsOn(frame()?.contentDocument), PATIENCE_S),
  }
}
/** The digits are the page's second way: it unfolds them when somebody asks for them. */
function digitsOn(page: Document | null | undefined): string | undefined {
  const all = <T extends HTMLElement>(selector: string): T[] => [
    ...(page?.querySelectorAll<T>(selector) ?? []),
  ]
  const digits = all('.bind-digits')
    .map((one) => GROUPED.exec(one.textContent)?.slice(1).join(''))
    .find((one) => one !== undefined)
  const folded = all('[aria-expanded=false]').find((one) => one.textContent.includes('位绑定码'))
  if (digits === undefined && folded !== undefined) tap(folded)
  return digits
}

/** The mini-program's engine makes a tap of a press and a release, not of a click. */
function tap(element: HTMLElement): void {
  for (const kind of ['mousedown', 'mouseup'])
    element.dispatchEvent(new MouseEvent(kind, { bubbles: true }))
}
