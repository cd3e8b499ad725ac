import type { PhoneMessage } from '../preview/runtime/host.ts'
import type { Person } from './api.ts'
import { el } from './dom.ts'
import { toAddress, toCase } from './phone-case.ts'
import { until } from './stage.ts'
import type { Views } from './views.ts'

export type Attacker = ReturnType<typeof createAttacker>

/** A mini-program that is opened for the first time takes a while on a slow machine. */
const PATIENCE_S = 25
const GROUPED = /^\s*(\d{3})\s?(\d{3})\s*$/

/** The second phone: the mini-program of whoever attacks, while a scene needs him. */
export function createAttacker(views: Views) {
  const screen = el('div', { class: 'phone-screen' })
  const name = el('b', {})
  const element = el(
    'section',
    { class: 'attacker' },
    el('p', { class: 'standing' }, name, el('span', { class: 'pill bad' }, '攻击者')),
    toCase(screen),
  )
  let frame: HTMLIFrameElement | undefined
  return {
    element,
    /** Somebody new holds it, and has opened the mini-program at this page. */
    arrive: (person: Person, page: string): void => {
      frame = el('iframe', { title: '攻击者的小程序' })
      frame.src = `${toAddress(person.personId, '攻击者的手机')}#/${page}`
      screen.replaceChildren(frame)
      name.textContent = person.name
      views.hasAttacker(true)
      views.show('attacker')
    },
    openMini: (path: string): void => {
      views.show('attacker')
      frame?.contentWindow?.postMessage(
        { kind: 'playground.open', path } satisfies PhoneMessage,
        location.origin,
      )
    },
    /** The digits on his screen, as he would read them out to somebody. */
    readDigits: (): Promise<string> =>
      until(async () => digitsOn(frame?.contentDocument), PATIENCE_S),
    leave: (): void => {
      frame = undefined
      screen.replaceChildren()
      views.hasAttacker(false)
      views.show('phone')
    },
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
