import { control, type InboxItem, type Person } from './api.ts'
import { createPart, el, SCROLLS } from './dom.ts'
import { toNotice } from './notice-card.ts'
import { createSecondPhone } from './second-phone.ts'
import type { Stage } from './stage.ts'
import type { Views } from './views.ts'

export type AdvisorPhone = ReturnType<typeof createAdvisorPhone>

/** The advisor's own WeChat: the desk in the mini-program, and 服务通知 with what he is told. */
export function createAdvisorPhone(stage: Stage, views: Views) {
  const notices = el('div', { class: 'inbox', label: '顾问的服务通知', attrs: SCROLLS })
  const turn = (side: 'mini' | 'notices'): void => {
    notices.hidden = side !== 'notices'
    for (const [name, button] of Object.entries(buttons))
      button.setAttribute('aria-pressed', String(name === side))
  }
  const toButton = (side: 'mini' | 'notices', text: string): HTMLElement =>
    el('button', { class: 'link', onclick: () => turn(side) }, text)
  const buttons = {
    mini: toButton('mini', '小程序'),
    notices: toButton('notices', '服务通知'),
  }
  const phone = createSecondPhone(views, 'advisor', {
    title: '顾问的小程序',
    phone: '顾问的手机',
    pill: el('span', { class: 'pill good' }, '顾问'),
  })
  phone.head.append(buttons.mini, buttons.notices)
  const openMini = (path: string): void => {
    turn('mini')
    phone.openMini(path)
  }
  const draw = createPart<InboxItem[]>(notices, (items) =>
    items.length === 0
      ? [el('p', { class: 'empty' }, '还没有收到小程序的订阅消息')]
      : items.map((item) => toNotice(item, openMini)),
  )
  let holder: Person | undefined
  /** The latest first. */
  const look = async (): Promise<InboxItem[]> => {
    if (!holder) return []
    const at = `/people/${encodeURIComponent(holder.personId)}/inbox`
    const items = (await control<InboxItem[]>(at)).filter(({ kind }) => kind === 'subscribe')
    draw(items.toReversed())
    return items.reverse()
  }
  stage.onChange(() => void look().catch(() => {}))
  turn('mini')
  return {
    element: phone.element,
    openMini,
    look,
    show: (side: 'mini' | 'notices'): void => {
      views.show('advisor')
      turn(side)
    },
    arrive: (person: Person, page: string): void => {
      holder = person
      phone.arrive(person, page)
      phone.screen.append(notices)
      turn('mini')
    },
    leave: (): void => {
      holder = undefined
      phone.leave()
    },
  }
}
