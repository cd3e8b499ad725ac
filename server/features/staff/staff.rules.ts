import { cutText } from '../../../shared/cut-text.ts'
import { memberKey } from '../../../shared/userid.ts'
import { tellWhy } from '../../../shared/why.ts'

/** Where staff land after the sign-in when they did not say, or asked for a place that is not ours. */
export const HOME = '/staff/'

const OURS = /^\/staff\/(?:[\w-]+(?:\/[\w-]+)*\/?)?(?:\?[\w\-=&%.~]*)?$/

/** Only pages of ours may follow a sign-in: no other host, no `//`, no backslash, nothing that climbs. */
export const toReturnPath = (asked: string | undefined): string =>
  asked !== undefined && asked.length <= 512 && OURS.test(asked) ? asked : HOME

export type Attempt = { nonce: string; returnPath: string; expiresAt: Date }

/** What the browser keeps while the visitor is away at the platform; the `state` that comes back is the keyed hash of it. */
export const writeAttempt = ({ nonce, returnPath, expiresAt }: Attempt): string =>
  `${String(Math.floor(expiresAt.getTime() / 1000))}.${nonce}.${encodeURIComponent(returnPath)}`

/** null: not one of ours, or its time is over. Whether it is genuine, its `state` says. */
export function readAttempt(cookie: string, now: Date): Attempt | null {
  const [, seconds, nonce, path] =
    /^(\d{1,12})\.([\w-]{22})\.([\w.~%!'()*-]{1,2048})$/.exec(cookie) ?? []
  if (seconds === undefined || nonce === undefined || path === undefined) return null
  const expiresAt = new Date(Number(seconds) * 1000)
  return expiresAt > now ? { nonce, returnPath: toReturnPath(decode(path)), expiresAt } : null
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Signatures are for our own pages alone: a foreign page that had one could act in the client in our name. */
export const isOwnPage = (url: string, baseUrl: string): boolean =>
  url === baseUrl || url.startsWith(`${baseUrl}/`) || url.startsWith(`${baseUrl}?`)

export type Receivers = {
  /** Members who design or manage the project of the phone, or who already have the customer. */
  responsible: readonly string[]
  /** STAFF_NOTIFY_USERIDS; empty: not set. */
  named: readonly string[]
  /** Who takes chats in the customer-service account now. */
  onDuty: readonly string[]
  /** Everybody who may have customers: nobody else could add one. */
  mayAdd: readonly string[]
}

/** Who is told of a waiting customer: the first group that has somebody who can add him. */
export function chooseReceivers({ responsible, named, onDuty, mayAdd }: Receivers): string[] {
  const able = new Set(mayAdd.map(memberKey))
  const isAble = (userId: string): boolean => able.has(memberKey(userId))
  const chosen =
    [responsible.filter(isAble), named, onDuty.filter(isAble), mayAdd].find(
      (group) => group.length > 0,
    ) ?? []
  return sorted(chosen)
}

/** Who is told of a bound customer whom nobody can add, or whose add proved nothing: who has to do with him, else as of one who waits. */
export const chooseToldOfBound = (receivers: Receivers): string[] =>
  receivers.responsible.length > 0 ? sorted(receivers.responsible) : chooseReceivers(receivers)

const sorted = (userIds: readonly string[]): string[] =>
  [...new Map(userIds.map((userId) => [memberKey(userId), userId])).values()].toSorted()

const NAMED_IN_CARD = 3

export type Card = { title: string; description: string }

const ADD = tellWhy('not_added', 'staff').nextStep

/** What the app message says: masked phones only, the page behind the sign-in has the rest. */
export function toCard(phonesMasked: readonly string[]): Card {
  const named = phonesMasked.slice(0, NAMED_IN_CARD).join('、')
  const [count, more] = [phonesMasked.length, phonesMasked.length > NAMED_IN_CARD ? ' 等' : '']
  return count === 1
    ? {
        title: '有客户等待添加',
        description: `客户 ${named} 留下了手机号，${ADD}。`,
      }
    : {
        title: `有 ${String(count)} 位客户等待添加`,
        description: `${named}${more}，${ADD}。`,
      }
}

/** What a member reads who is asked whose numbers are: the page behind the sign-in says which. */
export const toQuestionsCard = (count: number): Card => ({
  title: `有 ${String(count)} 个号码需要您核实`,
  description: '订单写的名字与号码的客户对不上，或不能确定是谁的。核实之前，客户看不到这些订单。',
})

const NO_NAME = '一位客户'

/** The first names, and how many more there are. */
const listNames = (names: readonly (string | null)[]): string =>
  `${names
    .slice(0, NAMED_IN_CARD)
    .map((name) => (name === null ? NO_NAME : `「${cutText(name, { characters: 20 })}」`))
    .join('、')}${names.length > NAMED_IN_CARD ? ' 等' : ''}`

const countOf = (names: readonly unknown[]): string =>
  names.length === 1 ? '' : ` ${String(names.length)} 位`

const BOUND_CARDS = {
  unstated: (names: readonly (string | null)[]): Card => ({
    title: `有${countOf(names)}客户已绑定，没有留手机号`,
    description: `${listNames(names)}已绑定，还不能查询。请在客服聊天里请他在小程序里填写手机号，或问到后搜索添加。`,
  }),
  added_otherwise: (names: readonly (string | null)[]): Card => ({
    title: `有${countOf(names)}客户加的方式不算`,
    description: `${listNames(names)}已绑定，但您添加的方式不能证明手机号，他还不能查询。请删除后用手机号搜索重新添加，或提交管理员核实。`,
  }),
}

/** What a member reads of bound customers who cannot query because nobody can add them, or because of how he added them. */
export const toBoundCard = (
  kind: keyof typeof BOUND_CARDS,
  names: readonly (string | null)[],
): Card => BOUND_CARDS[kind](names)

/** The groups of the page, by the address that leads to each. */
export const GROUPS = {
  waiting: '等待添加',
  unstated: '已绑定未留手机号',
  otherwise: '加的方式不算',
  missing: '手机号待处理',
  questions: '号码换人？',
} as const
export type Group = keyof typeof GROUPS

const ROW = new RegExp(
  `^(?:${Object.keys(GROUPS).join('|')}|(?:claim|customer|review|question)-\\d{1,12})$`,
)

/** Where on the page a message led; null: nowhere in particular. */
export const readRow = (asked: unknown): string | null =>
  typeof asked === 'string' && ROW.test(asked) ? asked : null

/** The row of who waits because of this claim. */
export const rowOfClaim = ({ id }: { id: number }): string => `claim-${String(id)}`

/** The page, at the one row that a message is about, or at the group of several. */
export const toRowPath = (rows: readonly string[], group: Group): string =>
  `${HOME}?row=${rows.length === 1 ? rows[0]! : group}`

/** A day as one writes it, where the company is. */
export const toDay = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('zh-CN', { timeZone, dateStyle: 'long' }).format(at)

export type TieLine = {
  kind: 'made' | 'ended'
  name: string | null
  phoneMasked: string | null
  app: string
  way: string
  byAdmin: boolean
}

const MOST_LINES = 10
/** So many of them, and what stands around, an app message holds (2048 bytes). */
const toShort = (line: string): string => cutText(line, { bytes: 180 })

/** What members read of ties that were made or ended without a word in the contact's own chat (D22); a person with two apps is one line. */
export function toTiesText(ties: readonly TieLine[]): string {
  const lines = [...new Set(ties.map(toLine))]
  const more = lines.length > MOST_LINES ? [`……共 ${String(lines.length)} 条`] : []
  return [
    '客户的绑定有变化：',
    ...lines.slice(0, MOST_LINES),
    ...more,
    '如果不是客户本人操作，请让客户在客服聊天里发送「解绑」，并请管理员核实。',
  ].join('\n')
}

export type UnreachedLine = {
  name: string | null
  phoneMasked: string | null
  title: string
  stage: string
}

/** What members read of customers whose project or booking has moved on, and whom no message of ours reached. */
export const toUnreachedText = (unreached: readonly UnreachedLine[]): string =>
  [
    '这些客户的项目或预约有新进展，小程序、客服和公众号都通知不到，或者不确定是否收到，请您告诉客户：',
    ...unreached
      .slice(0, MOST_LINES)
      .map(({ title, stage, ...who }) =>
        toShort(
          `· ${toWho(who)}：「${cutText(title, { characters: 30 })}」：「${cutText(stage, { characters: 20 })}」`,
        ),
      ),
    ...(unreached.length > MOST_LINES ? [`……共 ${String(unreached.length)} 位`] : []),
  ].join('\n')

/** What an advisor reads, as a member, of what his customers did. */
export const toAdvisorText = (lines: readonly string[]): string =>
  [
    '您的客户有新动态，详情请在小程序的顾问工作台查看：',
    ...lines.slice(0, MOST_LINES).map((line) => toShort(`· ${line}`)),
    ...(lines.length > MOST_LINES ? [`……共 ${String(lines.length)} 条`] : []),
  ].join('\n')

const toWho = ({ name, phoneMasked }: Pick<UnreachedLine, 'name' | 'phoneMasked'>): string =>
  [cutText(name ?? '', { characters: 20 }), phoneMasked ?? '']
    .filter((part) => part !== '')
    .join(' ') || '一位客户'

function toLine({ kind, name, phoneMasked, app, way, byAdmin }: TieLine): string {
  const who = toWho({ name, phoneMasked })
  if (kind === 'ended')
    return `· ${who} 的绑定已解除（${byAdmin ? '工作人员操作' : '在小程序里操作'}）`
  return `· ${who} 已绑定${app === 'official' ? '公众号' : '小程序'}（${way}）`
}

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60

/** How long ago, as one says it. */
export function toWaited(since: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - since.getTime()) / MINUTE_MS))
  if (minutes < 1) return '刚刚'
  if (minutes < 60) return `${String(minutes)} 分钟前`
  return minutes < DAY_MINUTES
    ? `${String(Math.floor(minutes / 60))} 小时前`
    : `${String(Math.floor(minutes / DAY_MINUTES))} 天前`
}
