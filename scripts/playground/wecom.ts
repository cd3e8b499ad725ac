import {
  control,
  office,
  type AnswerKind,
  type Follow,
  type InboxItem,
  type Look,
  type Member,
  type Person,
  type Question,
} from './api.ts'
import { createPart, el, SCROLLS, toFace } from './dom.ts'
import type { Stage } from './stage.ts'

const WAYS = [
  { text: '按手机号添加', how: {}, hint: '成员搜索手机号，add_way 2：能证明手机号', class: 'main' },
  { text: '扫码添加', how: { addWay: 1 }, hint: 'add_way 1：不能证明手机号', class: '' },
  {
    text: '客户搜到我',
    how: { initiatedBy: 'customer' },
    hint: 'add_way 2，但操作人是客户：不能证明手机号',
    class: '',
  },
] as const

/** The salesperson's WeCom: search and add, his customers, the kf session, messages of our app. */
export function createWecom(stage: Stage): HTMLElement {
  const members = createMembers(stage)
  const search = createSearch(stage)
  const rest = el('div', { class: 'wecom-rest' })
  const drawRest = createRest(stage, rest)
  stage.onChange(() => {
    if (!stage.view) return
    members.draw(stage.view)
    search.draw(stage.view)
    drawRest()
  })
  return el(
    'section',
    { class: 'card wecom', attrs: SCROLLS },
    el('h2', {}, el('i', { class: 'dot blue' }), '顾问的企业微信'),
    members.element,
    ...search.elements,
    rest,
  )
}

function createMembers(stage: Stage) {
  const element = el('nav', { class: 'members', label: '选择顾问' })
  const draw = createPart<{ members: Member[]; chosen: string }>(element, ({ members, chosen }) =>
    members.map((member) =>
      el(
        'button',
        {
          class: member.userid === chosen ? 'on' : '',
          title: member.userid,
          attrs: { 'aria-pressed': String(member.userid === chosen) },
          onclick: () => void stage.turn({ member: member.userid }),
        },
        toFace(member.name),
        member.name,
      ),
    ),
  )
  return { element, draw: ({ members }: Look) => draw({ members, chosen: stage.kept.member }) }
}

/** The field for a number, and whoever was found by it. */
function createSearch(stage: Stage) {
  const found = el('div', { class: 'found' })
  const input = el('input', {
    placeholder: '客户手机号',
    label: '客户手机号',
    onenter: () => search(),
  })
  input.inputMode = 'numeric'
  let wanted = ''
  const search = (): void => {
    wanted = input.value.replace(/\D/g, '')
    void stage.refresh()
  }
  const fillIn = (): void => {
    input.value = stage.person()?.phone ?? ''
    search()
  }
  const draw = createPart<Found>(found, (shown) =>
    shown.phone === '' ? [] : [toFound(stage, shown)],
  )
  return {
    elements: [
      el(
        'div',
        { class: 'search' },
        input,
        el('button', { class: 'main', onclick: search }, '搜索'),
      ),
      el('button', { class: 'link', onclick: fillIn }, '填入当前客户的手机号'),
      found,
    ],
    draw: ({ people, customers }: Look): void => {
      const person = people.find((one) => one.phone === wanted) ?? null
      const isFriend = customers.some((follow) => follow.externalUserid === person?.externalUserid)
      draw({ phone: wanted, person, isFriend })
    },
  }
}

type Found = { phone: string; person: Person | null; isFriend: boolean }

function toFound(stage: Stage, { phone, person, isFriend }: Found): HTMLElement {
  if (!person) return el('p', { class: 'empty' }, `没有搜到 ${phone} 的微信用户`)
  const add = (how: object) => (): void =>
    void stage.act(() => control(`/members/${stage.kept.member}/add`, { phone, ...how }))
  return el(
    'article',
    { class: 'person' },
    el(
      'div',
      { class: 'who' },
      toFace(person.name),
      el('b', {}, person.name),
      el('small', {}, isFriend ? '已经是好友' : '微信用户'),
    ),
    !isFriend &&
      el(
        'div',
        { class: 'ways' },
        ...WAYS.map((way) =>
          el('button', { class: way.class, title: way.hint, onclick: add(way.how) }, way.text),
        ),
      ),
  )
}

type Rest = {
  customers: { follow: Follow; name: string }[]
  session: { state: number; servicer: string; name: string }
  inbox: InboxItem[]
  asked: Question[]
  member: string
}

function createRest(stage: Stage, place: HTMLElement): () => void {
  const draw = createPart<Rest>(place, ({ customers, session, inbox, asked }) => [
    asked.length > 0 && el('h3', {}, '这些号码是谁的？'),
    ...asked.map((question) => toQuestion(stage, question)),
    el('h3', {}, '我的客户'),
    ...(customers.length === 0
      ? [el('p', { class: 'empty' }, '还没有添加客户')]
      : customers.map(({ follow, name }) => toCustomer(stage, follow, name))),
    el('h3', {}, '客服会话'),
    toSession(stage, session),
    el('h3', {}, '应用消息'),
    ...(inbox.length === 0
      ? [el('p', { class: 'empty' }, '没有新消息')]
      : inbox
          .slice(-3)
          .reverse()
          .map((item) =>
            el(
              'p',
              { class: 'app-message' },
              item.text ?? item.content ?? item.description ?? item.title ?? `[${item.type}]`,
            ),
          )),
  ])
  return () => {
    const view = stage.view!
    draw({
      customers: view.customers
        .map((follow) => ({
          follow,
          name:
            view.people.find((one) => one.externalUserid === follow.externalUserid)?.name ?? '客户',
        }))
        .reverse()
        .slice(0, 4),
      session: {
        state: view.session.state ?? 4,
        servicer: view.members.find((one) => one.userid === view.session.servicer)?.name ?? '',
        name: stage.person()?.name ?? '',
      },
      inbox: view.memberInbox,
      asked: view.asked,
      member: stage.kept.member,
    })
  }
}

const ANSWERS: Record<AnswerKind, string> = {
  same: '是这位客户的',
  changed: '号码换人了',
  unknown: '不清楚',
}

/** Both sides, as on the member's own page: the orders that are held, and whom the number belongs to. */
function toQuestion(
  stage: Stage,
  { id, phoneMasked = '', orders = [], about, answer }: Question,
): HTMLElement {
  const { member } = stage.kept
  const say = (kind: AnswerKind) => (): void =>
    void stage.act(() => office.answer(id, { member, answer: kind }))
  const takeBack = (): void => void stage.act(() => office.takeBack(id, member))
  const kinds = Object.keys(ANSWERS) as AnswerKind[]
  const names = about?.names.join('、') ?? ''
  return el(
    'article',
    { class: 'question', data: { question: String(id) } },
    el('b', {}, phoneMasked),
    ...orders.map(({ orderNo, name }) =>
      el('p', {}, `订单 ${orderNo}，写的是 ${name ?? '（没有名字）'}`),
    ),
    about &&
      el(
        'p',
        {},
        `登记的客户 ${names === '' ? (about.contactName ?? '') : names}${about.addedBy === undefined ? '' : `，${about.addedBy}添加`}`,
      ),
    answer
      ? el(
          'p',
          { class: 'answered' },
          `已答「${ANSWERS[answer.answer]}」，10 秒后生效`,
          el('button', { class: 'link', onclick: takeBack }, '撤回'),
        )
      : el(
          'div',
          { class: 'ways' },
          ...kinds.map((kind) => el('button', { onclick: say(kind) }, ANSWERS[kind])),
        ),
  )
}

function toCustomer(
  stage: Stage,
  { externalUserid, addWay, operUserid, remarkMobiles }: Follow,
  name: string,
): HTMLElement {
  const remove = (): void =>
    void stage.act(() => control(`/members/${stage.kept.member}/remove`, { externalUserid }))
  const isSearch = addWay === 2 && operUserid === stage.kept.member
  return el(
    'div',
    { class: 'row' },
    toFace(name),
    el(
      'div',
      {},
      el('b', {}, name),
      el(
        'small',
        {},
        `${isSearch ? '手机号搜索' : addWay === 2 ? '客户搜索' : addWay === 1 ? '扫码' : `add_way ${String(addWay)}`} · 备注 ${remarkMobiles[0] ?? '无号码'}`,
      ),
    ),
    el('button', { class: 'link', onclick: remove }, '删除'),
  )
}

const SESSION: Record<number, string> = {
  0: '新会话，由机器人接待',
  1: '机器人接待中',
  2: '排队等人工接入',
  3: '人工接待中',
  4: '没有进行中的会话',
}

function toSession(stage: Stage, { state, servicer, name }: Rest['session']): HTMLElement {
  const act =
    (action: string, more: object = {}) =>
    (): void =>
      void stage.act(() =>
        control(`/kf/servicers/${stage.kept.member}/${action}`, {
          personId: stage.kept.person,
          ...more,
        }),
      )
  return el(
    'div',
    { class: 'row' },
    el(
      'div',
      {},
      el('b', {}, name),
      el('small', {}, `${SESSION[state] ?? ''}${servicer === '' ? '' : ` · ${servicer}`}`),
    ),
    (state === 2 || (state === 3 && servicer !== '')) &&
      el('button', { class: 'link', onclick: act('take') }, '接入'),
    state === 3 &&
      el(
        'button',
        {
          class: 'link',
          onclick: act('say', { text: '您好，我是人工客服，请问有什么可以帮您？' }),
        },
        '打招呼',
      ),
    state === 3 && el('button', { class: 'link', onclick: act('end') }, '结束'),
  )
}
