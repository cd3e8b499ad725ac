import { cutText } from './cut-text.ts'

/**
 * The pages that a message may open: those of miniprogram/app.json, without a slash before. WeChat refuses one that the
 * published mini-program has not.
 */
export const PAGES = [
  'pages/home/home',
  'pages/projects/projects',
  'pages/me/me',
  'pages/bind/bind',
  'pages/project-detail/project-detail',
  'pages/sample/sample',
  'pages/rights/rights',
] as const

/** Whether a path, with a query or without, leads to a page that there is. */
export const isPage = (path: string): boolean =>
  (PAGES as readonly string[]).includes(path.split('?', 1)[0]!)

/** What there is to tell by subscribe messages, to whom, and what a template's fields can be filled with. */
export const NOTICES = {
  stage: {
    title: '项目进度提醒',
    for: 'customer',
    sources: ['project', 'orderNo', 'stage', 'at', 'note'],
  },
  newCustomer: {
    title: '新客户提醒',
    for: 'advisor',
    sources: ['action', 'at', 'customer', 'note'],
  },
  booking: {
    title: '预约提醒',
    for: 'advisor',
    sources: ['action', 'at', 'customer', 'note'],
  },
} as const
export type NoticeKind = keyof typeof NOTICES

/** How long a value may be by the kind of its field, and what stands for one that is not known. */
type Limit = { most: number; only?: RegExp; unknown: string }

/**
 * What WeChat takes (more is refused with 47003). `time`, `date` and `amount` are written by us and have no length.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
 */
const LIMITS: Readonly<Record<string, Limit>> = {
  thing: { most: 20, unknown: '暂无' },
  number: { most: 32, only: /^-?\d+(?:\.\d+)?/g, unknown: '0' },
  letter: { most: 32, only: /[A-Za-z]/g, unknown: 'N' },
  symbol: { most: 5, only: /[\p{P}\p{S}]/gu, unknown: '-' },
  character_string: { most: 32, only: /[\x21-\x7e]/g, unknown: '-' },
  time: { most: 64, unknown: '' },
  date: { most: 64, unknown: '' },
  amount: { most: 13, unknown: '0元' },
  phone_number: { most: 17, only: /[\d+*()\- ]/g, unknown: '-' },
  car_number: { most: 8, unknown: '暂无' },
  name: { most: 10, only: /\p{Script=Han}/gu, unknown: '客户' },
  phrase: { most: 5, only: /\p{Script=Han}/gu, unknown: '暂无' },
}

const KEY = /^([a-z_]+?)\d{1,2}$/
/** A name may also have Latin letters alone, twice as many. */
const LATIN_NAME: Limit = { most: 20, only: /[A-Za-z ]/g, unknown: '' }

/** What a field of a template may hold, by its key; undefined for one that cannot be filled, as of a fixed list. */
export const kindOfField = (key: string): string | undefined => {
  const kind = KEY.exec(key)?.[1]
  return kind !== undefined && Object.hasOwn(LIMITS, kind) ? kind : undefined
}

/**
 * A value as the field of this key takes it, never half of what a person takes for one character; '' when nothing of it fits.
 * Throws nothing: a key that is none leaves it as it is.
 */
export function fitField(key: string, value: string): string {
  const kind = kindOfField(key)
  const text = value.replace(/\s+/gu, ' ').trim()
  if (kind === undefined) return text
  const fitted = fit(text, LIMITS[kind]!)
  return fitted === '' && kind === 'name' ? fit(text, LATIN_NAME) : fitted
}

const fit = (text: string, { most, only }: Limit): string =>
  cutText(only === undefined ? text : (text.match(only) ?? []).join(''), {
    characters: most,
  }).trim()

/** What stands in a field whose value is not known; a time or a day needs one. */
export const unknownIn = (key: string): string => LIMITS[kindOfField(key) ?? 'thing']!.unknown

const ACCEPTED: ReadonlySet<string> = new Set(['accept', 'acceptWithAudio', 'acceptWithAlert'])

/** Whether a word of `wx.requestSubscribeMessage`, or of the push that tells of it, gives one consent; others give none. */
export const isAccepted = (word: string): boolean => ACCEPTED.has(word)
