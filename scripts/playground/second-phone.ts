import type { PhoneMessage } from '../preview/runtime/host.ts'
import type { Person } from './api.ts'
import { el } from './dom.ts'
import { toAddress, toCase } from './phone-case.ts'
import type { Guest, Views } from './views.ts'

type Words = { title: string; phone: string; pill: HTMLElement }

/** A phone beside the customer's, while a scene needs who holds it. */
export function createSecondPhone(views: Views, guest: Guest, { title, phone, pill }: Words) {
  const screen = el('div', { class: 'phone-screen' })
  const name = el('b', {})
  const head = el('div', { class: 'second-head' }, el('p', { class: 'standing' }, name, pill))
  let frame: HTMLIFrameElement | undefined
  return {
    screen,
    head,
    element: el('section', { class: `second ${guest}` }, head, toCase(screen)),
    frame: () => frame,
    /** Somebody new holds it, and has opened the mini-program at this page. */
    arrive: (person: Person, page: string): void => {
      frame = el('iframe', { title })
      frame.src = `${toAddress(person.personId, phone)}#/${page}`
      screen.replaceChildren(frame)
      name.textContent = person.name
      views.setThere(guest, true)
      views.show(guest)
    },
    openMini: (path: string): void => {
      views.show(guest)
      frame?.contentWindow?.postMessage(
        { kind: 'playground.open', path } satisfies PhoneMessage,
        location.origin,
      )
    },
    leave: (): void => {
      frame = undefined
      screen.replaceChildren()
      views.setThere(guest, false)
      views.show('phone')
    },
  }
}
