import type { PhoneMessage } from '../preview/runtime/host.ts'
import { control, type InboxItem, type Look } from './api.ts'
import { createChat } from './chat.ts'
import { createPart, el, SCROLLS, toFace } from './dom.ts'
import { toNotice } from './notice-card.ts'
import { createOfficial, officialOf } from './official.ts'
import { toAddress, toCase } from './phone-case.ts'
import type { Stage } from './stage.ts'
import { createTabs, type Tabs } from './tabs.ts'
import type { Views } from './views.ts'

type Tab = 'mini' | 'chat' | 'official' | 'notices' | 'inbox'
const TABS: Record<Tab, string> = {
  mini: '小程序',
  chat: '客服聊天',
  official: '公众号',
  notices: '服务通知',
  inbox: '好友消息',
}

export type Phone = ReturnType<typeof createPhone>

/** The customer's phone: the mini-program, the kf chat, the official account and what his advisors wrote. */
export function createPhone(stage: Stage, views: Views) {
  const screen = el('iframe', { title: '客户的小程序' })
  screen.allow = 'clipboard-read; clipboard-write'
  const inbox = el('div', { class: 'inbox', attrs: SCROLLS })
  const notices = el('div', { class: 'inbox', attrs: SCROLLS })
  const chat = createChat(stage, { onOpen: (path) => openMini(path) })
  const official = createOfficial(stage, { onOpen: (path) => openMini(path) })
  const panes: Record<Tab, HTMLElement> = {
    mini: el('div', {}, screen),
    chat: chat.element,
    official: official.element,
    notices,
    inbox,
  }
  const tabs = createTabs(toTabs(panes), {
    label: '手机上打开的',
    onShow: (tab) => {
      views.show('phone')
      if (tab === 'chat') chat.toEnd()
      if (tab === 'official') official.toEnd()
    },
  })
  const news = createNews(tabs)
  let holder = ''

  /** Opens the mini-program at a page, as a tap on a card does. */
  const openMini = (path: string): void => {
    tabs.show('mini')
    screen.contentWindow?.postMessage(
      { kind: 'playground.open', path } satisfies PhoneMessage,
      location.origin,
    )
  }
  const handOver = (person: string): void => {
    holder = person
    news.forget()
    chat.forget()
    official.forget()
    screen.src = toAddress(person, '客户的手机')
    tabs.show('mini')
  }
  addEventListener('message', (event: MessageEvent<PhoneMessage>) => {
    if (event.origin !== location.origin || event.source !== screen.contentWindow) return
    if (event.data.kind === 'phone.chat') tabs.show('chat')
    if (event.data.kind === 'phone.copied') chat.paste(event.data.text)
    void stage.refresh()
  })
  const drawInbox = createInbox(inbox, stage, openMini)
  const drawNotices = createNotices(notices, openMini)
  stage.onChange(() => {
    const { person } = stage.kept
    if (person !== holder && person !== '') handOver(person)
    if (!stage.view) return
    const { letters, told } = toPiles(stage.view.inbox)
    drawInbox(letters)
    drawNotices(told)
    news.note('notices', told.length)
    news.note('chat', stage.view.chat.length)
    news.note('official', officialOf(stage).lines.length)
  })
  return { element: createColumn(stage, tabs, Object.values(panes)), openMini, show: tabs.show }
}

const toTabs = (panes: Record<Tab, HTMLElement>) =>
  Object.fromEntries(
    Object.entries(panes).map(([tab, panel]) => [tab, { text: TABS[tab as Tab], panel }]),
  ) as Record<Tab, { text: string; panel: HTMLElement }>

/** Tells by the tab that a chat went on while it was not shown. */
function createNews(tabs: Tabs<Tab>) {
  /** Lines of each chat that have been seen. */
  const seen = { chat: 0, official: 0, notices: 0 }
  return {
    note: (tab: keyof typeof seen, lines: number): void => {
      if (lines > seen[tab] && (seen[tab] > 0 || tab === 'notices')) tabs.mark(tab)
      seen[tab] = lines
    },
    forget: (): void => void Object.assign(seen, { chat: 0, official: 0, notices: 0 }),
  }
}

const createColumn = (stage: Stage, tabs: Tabs<Tab>, panes: HTMLElement[]): HTMLElement =>
  el(
    'section',
    { class: 'phone-column', label: '客户的手机' },
    tabs.element,
    toCase(el('div', { class: 'phone-screen' }, ...panes)),
    createStanding(stage),
  )

const createInbox = (place: HTMLElement, stage: Stage, open: (path: string) => void) =>
  createPart<InboxItem[]>(place, (items) =>
    items.length === 0
      ? [el('p', { class: 'empty' }, '还没有顾问给他发过消息')]
      : items.map((item) => toCard(item, stage, open)),
  )

/** What advisors wrote, and what WeChat brought of the mini-program, the latest first. */
const toPiles = (items: InboxItem[]) => ({
  letters: items.filter(({ kind }) => kind !== 'subscribe'),
  told: items.filter(({ kind }) => kind === 'subscribe').reverse(),
})

const createNotices = (place: HTMLElement, open: (path: string) => void) =>
  createPart<InboxItem[]>(place, (items) =>
    items.length === 0
      ? [el('p', { class: 'empty' }, '还没有收到小程序的订阅消息')]
      : items.map((item) => toNotice(item, open)),
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
    toFace(sender),
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
