import { firstCharacter } from '../../shared/cut-text.ts'
import type { PhoneMessage } from '../preview/runtime/host.ts'
import { control, type InboxItem, type Look } from './api.ts'
import { createChat } from './chat.ts'
import { createPart, el } from './dom.ts'
import { createOfficial, officialOf } from './official.ts'
import type { Stage } from './stage.ts'

type Tab = 'mini' | 'chat' | 'official' | 'inbox'
const TABS: Record<Tab, string> = {
  mini: '小程序',
  chat: '客服聊天',
  official: '公众号',
  inbox: '好友消息',
}

export type Phone = ReturnType<typeof createPhone>

/** The customer's phone: the mini-program, the kf chat, the official account and what his advisors wrote. */
export function createPhone(stage: Stage) {
  const screen = el('iframe', { title: '客户的小程序' })
  screen.allow = 'clipboard-read; clipboard-write'
  const inbox = el('div', { class: 'inbox' })
  const chat = createChat(stage, { onOpen: (path) => openMini(path) })
  const official = createOfficial(stage, { onOpen: (path) => openMini(path) })
  const panes = createPanes({ mini: screen, chat: chat.element, official: official.element, inbox })
  let holder = ''

  const show = (tab: Tab): void => {
    panes.show(tab)
    if (tab === 'chat') chat.toEnd()
    if (tab === 'official') official.toEnd()
  }
  panes.onTap(show)
  /** Opens the mini-program at a page, as a tap on a card does. */
  const openMini = (path: string): void => {
    show('mini')
    screen.contentWindow?.postMessage(
      { kind: 'playground.open', path } satisfies PhoneMessage,
      location.origin,
    )
  }
  const handOver = (person: string): void => {
    holder = person
    panes.forget()
    chat.forget()
    official.forget()
    screen.src = `/preview/?person=${encodeURIComponent(person)}`
    show('mini')
  }
  addEventListener('message', (event: MessageEvent<PhoneMessage>) => {
    if (event.origin !== location.origin || event.source !== screen.contentWindow) return
    if (event.data.kind === 'phone.chat') show('chat')
    if (event.data.kind === 'phone.copied') chat.paste(event.data.text)
    void stage.refresh()
  })
  const drawInbox = createInbox(inbox, stage, openMini)
  stage.onChange(() => {
    const { person } = stage.kept
    if (person !== holder && person !== '') handOver(person)
    if (!stage.view) return
    drawInbox(stage.view.inbox)
    panes.note('chat', stage.view.chat.length)
    panes.note('official', officialOf(stage).lines.length)
  })
  show('mini')
  return { element: createCase(stage, panes), openMini, show }
}

/** What the phone shows, one at a time, and the tab of each. */
function createPanes(panes: Record<Tab, HTMLElement>) {
  let onTap: (tab: Tab) => void = () => {}
  const tabs = Object.fromEntries(
    Object.entries(TABS).map(([tab, text]) => [
      tab,
      el('button', { data: { tab }, onclick: () => onTap(tab as Tab) }, text, el('i', {})),
    ]),
  ) as Record<Tab, HTMLButtonElement>
  /** Lines of each chat that have been shown. */
  const seen = { chat: 0, official: 0 }
  return {
    tabs: Object.values(tabs),
    panes: Object.values(panes),
    onTap: (listener: (tab: Tab) => void): void => {
      onTap = listener
    },
    show: (tab: Tab): void => {
      for (const name of Object.keys(panes) as Tab[]) {
        panes[name].hidden = name !== tab
        tabs[name].setAttribute('aria-selected', String(name === tab))
      }
      tabs[tab].classList.remove('news')
    },
    note: (tab: keyof typeof seen, lines: number): void => {
      if (lines > seen[tab] && panes[tab].hidden && seen[tab] > 0) tabs[tab].classList.add('news')
      seen[tab] = lines
    },
    forget: (): void => void Object.assign(seen, { chat: 0, official: 0 }),
  }
}

const createCase = (
  stage: Stage,
  { tabs, panes }: { tabs: HTMLElement[]; panes: HTMLElement[] },
): HTMLElement =>
  el(
    'section',
    { class: 'phone-column', label: '客户的手机' },
    el('nav', { class: 'phone-tabs' }, ...tabs),
    el(
      'div',
      { class: 'phone' },
      el('div', { class: 'phone-status' }, el('b', {}, '9:41'), el('span', { class: 'battery' })),
      el('div', { class: 'phone-screen' }, ...panes),
    ),
    createStanding(stage),
  )

const createInbox = (place: HTMLElement, stage: Stage, open: (path: string) => void) =>
  createPart<InboxItem[]>(place, (items) =>
    items.length === 0
      ? [el('p', { class: 'empty' }, '还没有顾问给他发过消息')]
      : items.map((item) => toCard(item, stage, open)),
  )

function toCard(item: InboxItem, stage: Stage, open: (path: string) => void): HTMLElement {
  const sender =
    stage.view?.members.find((member) => member.userid === item.from)?.name ?? item.from
  const path = item.miniprogramPath
  const body =
    path === undefined
      ? el('p', {}, item.text ?? item.title ?? `[${item.type}]`)
      : el(
          'button',
          { class: 'mini-card', onclick: () => open(path) },
          el('small', {}, '小程序 · 进度通'),
          el('b', {}, item.title ?? '打开小程序'),
        )
  return el(
    'article',
    { class: 'letter' },
    el('span', { class: 'face' }, firstCharacter(sender)),
    el('div', {}, el('small', {}, `顾问 ${sender}`), body),
  )
}

const STATUS = { unbound: '未绑定', partial: '只知道一侧', bound: '已绑定' } as const

/** Where the customer stands for the server, under the phone. */
function createStanding(stage: Stage): HTMLElement {
  const place = el('div', { class: 'standing' })
  const draw = createPart<{
    name: string
    phone: string
    standing: Look['standings'][number] | null
  }>(place, ({ name, phone, standing }) => [
    el('b', {}, name),
    el('span', { class: 'mono' }, phone.replace(/(\d{3})(\d{4})/, '$1 $2 ')),
    el(
      'span',
      { class: `pill ${standing?.status === 'bound' ? 'good' : 'idle'}` },
      STATUS[standing?.status ?? 'unbound'],
    ),
    el(
      'span',
      { class: `pill ${standing?.mayQuery ? 'good' : 'idle'}` },
      standing?.mayQuery ? '可以查项目' : '不能查项目',
    ),
  ])
  stage.onChange(() => {
    const person = stage.person()
    if (person)
      draw({
        name: person.name,
        phone: person.phone ?? '没有手机号',
        standing:
          stage.view?.standings.find((one) => one.externalUserId === person.externalUserid) ?? null,
      })
  })
  return place
}

export const writeInChat = (personId: string, text: string): Promise<unknown> =>
  control(`/people/${encodeURIComponent(personId)}/kf/send`, { text })
