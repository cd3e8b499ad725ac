import type { Entry, Look, Person } from './api.ts'
import { clockTime, el, SCROLLS } from './dom.ts'
import type { Stage } from './stage.ts'

type Lane = Entry['lane']
const LANES: Record<Lane, string> = { received: '收到', decided: '决定', sent: '发出' }

/** What the server received, decided and sent, newest first. Entries that are known stay where they are. */
export function createTimeline(stage: Stage): HTMLElement {
  const list = el('ol', { class: 'entries', label: '收到、决定、发出，新的在上', attrs: SCROLLS })
  const shown: Shown = new Map()
  const off = new Set<Lane>()
  let onlyMine = false
  const filter = (): void => {
    for (const entry of stage.view?.timeline ?? []) {
      const node = shown.get(entry.key)?.node
      if (node) node.hidden = off.has(entry.lane) || (onlyMine && !isAbout(entry, stage.person()))
    }
  }
  stage.onChange(() => {
    if (stage.view) update(list, shown, stage.view)
    filter()
  })
  const lanes = (['received', 'decided', 'sent'] as const).map((lane) =>
    createSwitch(`lane ${lane}`, LANES[lane], () => {
      if (!off.delete(lane)) off.add(lane)
      filter()
      return !off.has(lane)
    }),
  )
  const mine = createSwitch('lane mine off', '只看当前客户', () => {
    onlyMine = !onlyMine
    filter()
    return onlyMine
  })
  return el(
    'section',
    { class: 'card timeline', label: '服务器时间线' },
    el(
      'header',
      {},
      el('h2', {}, el('i', { class: 'dot green' }), '服务器看到、决定、发出'),
      el('div', { class: 'lanes' }, ...lanes, mine),
    ),
    list,
  )
}

type Shown = Map<string, { json: string; node: HTMLElement }>

function update(list: HTMLElement, shown: Shown, view: Look): void {
  const nodes = view.timeline.map((entry) => nodeOf(shown, entry, view))
  const keys = new Set(view.timeline.map((entry) => entry.key))
  for (const key of shown.keys()) if (!keys.has(key)) shown.delete(key)
  if (
    nodes.some((node, index) => list.children[index] !== node) ||
    list.childElementCount !== nodes.length
  )
    list.replaceChildren(...nodes)
}

/** `turn` answers whether it is on now. */
function createSwitch(style: string, text: string, turn: () => boolean): HTMLElement {
  const button = el('button', { class: style, onclick: () => set(turn()) }, text)
  const set = (isOn: boolean): void => {
    button.classList.toggle('off', !isOn)
    button.setAttribute('aria-pressed', String(isOn))
  }
  set(!style.endsWith(' off'))
  return button
}

const isAbout = ({ openid, externalUserId }: Entry, person: Person | undefined): boolean =>
  !person ||
  (!openid && !externalUserId) ||
  openid === person.openid ||
  openid === person.officialOpenid ||
  externalUserId === person.externalUserid

function nodeOf(shown: Shown, entry: Entry, view: Look): HTMLElement {
  const names = namesOf(entry, view)
  const json = JSON.stringify([entry, names])
  const known = shown.get(entry.key)
  if (known?.json === json) return known.node
  const node = draw(entry, names)
  shown.set(entry.key, { json, node })
  return node
}

function namesOf({ openid, externalUserId, member }: Entry, { people, members }: Look): string[] {
  const follower = people.find((person) => person.officialOpenid === openid)
  const account =
    openid === undefined
      ? undefined
      : follower
        ? `${follower.name}的公众号`
        : `${people.find((person) => person.openid === openid)?.name ?? '某人'}的小程序`
  const contact =
    externalUserId === undefined
      ? undefined
      : (people.find((person) => person.externalUserid === externalUserId)?.name ?? '某位联系人')
  const staff =
    member === undefined
      ? undefined
      : `顾问 ${members.find((one) => one.userid === member)?.name ?? member}`
  const alike = account !== undefined && contact !== undefined && account.startsWith(contact)
  return [staff, alike ? contact : account, alike ? undefined : contact].filter(
    (name) => name !== undefined,
  )
}

const draw = (entry: Entry, names: string[]): HTMLElement =>
  el(
    'li',
    { class: `entry ${entry.lane} ${entry.tone}`, data: { lane: entry.lane } },
    el('time', {}, clockTime(entry.at)),
    el('span', { class: 'badge' }, LANES[entry.lane]),
    el(
      'div',
      { class: 'what' },
      el(
        'p',
        {},
        entry.evidence !== undefined &&
          el('b', { class: 'evidence', title: '证据编号' }, entry.evidence),
        entry.title,
      ),
      el(
        'p',
        { class: 'more' },
        ...names.map((name) => el('span', { class: 'name' }, name)),
        entry.note !== undefined && el('span', {}, entry.note),
        entry.table !== undefined && el('span', { class: 'table' }, entry.table),
      ),
    ),
  )
