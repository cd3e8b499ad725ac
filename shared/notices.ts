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
  'pages/advisors/advisors',
  'pages/advisor/advisor',
  'pages/bookings/bookings',
  'pages/customer/desk',
  'pages/customer/detail',
  'pages/customer/join',
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
    sources: ['action', 'at', 'customer', 'note', 'day', 'service'],
  },
  bookingState: {
    title: '预约结果提醒',
    for: 'customer',
    sources: ['service', 'state', 'day', 'advisor', 'at', 'note'],
  },
} as const
export type NoticeKind = keyof typeof NOTICES

/** The kinds of fields that can be filled; a fixed list (`enum`) cannot. */
const FIELDS = [
  'thing',
  'number',
  'letter',
  'symbol',
  'character_string',
  'time',
  'date',
  'amount',
  'phone_number',
  'car_number',
  'name',
  'phrase',
] as const
export type FieldKind = (typeof FIELDS)[number]

const KEY = /^([a-z_]+?)\d{1,2}$/

/** What a field of a template may hold, by its key; undefined for one that cannot be filled. */
export const kindOfField = (key: string): FieldKind | undefined => {
  const named = KEY.exec(key)?.[1]
  return FIELDS.find((kind) => kind === named)
}

const ACCEPTED: ReadonlySet<string> = new Set(['accept', 'acceptWithAudio', 'acceptWithAlert'])

/** Whether a word of `wx.requestSubscribeMessage`, or of the push that tells of it, gives one consent; others give none. */
export const isAccepted = (word: string): boolean => ACCEPTED.has(word)
