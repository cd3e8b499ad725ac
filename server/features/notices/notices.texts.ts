import { BOOKING_PARTS, type BookingPart, type BookingState } from '../../../shared/bookings.ts'
import { cutText } from '../../../shared/cut-text.ts'
import { maskText } from '../../lib/log.ts'
import type { Move } from '../bookings/bookings.ts'

type Moved = { title: string; stage: string }

const quote = (text: string): string => `「${cutText(text, { characters: 40 })}」`

/** What a customer reads in a chat when his project has moved on. */
export const toStageText = ({ title, stage }: Moved): string =>
  `您的项目${quote(title)}有新进展：${quote(stage)}。`

/** Below it, the way to the project. */
export const OPEN_PROJECT = '查看项目进度'

/** The last field of the subscribe message. */
export const STAGE_NOTE = '点击查看项目进度'

/** What a customer wrote: on one line, and without a phone, which is not for messages. */
const toLine = (text: string): string => maskText(text).replace(/\s+/gu, ' ').trim()

/** What somebody calls himself. */
export const toName = (name: string | null): string =>
  cutText(toLine(name ?? ''), { characters: 20 }) || '未留姓名'

/** The last field of what an advisor is told of a customer. */
export const CUSTOMER_NOTE = '点击查看客户'

type Visit = { day: string; part: BookingPart; service: string }

/** Which visit is meant: 6月1日 上午 量尺. */
export function toVisit({ day, part, service }: Visit): string {
  const [, month, date] = day.split('-').map(Number)
  return `${String(month)}月${String(date)}日 ${BOOKING_PARTS[part]} ${toLine(service)}`
}

/** What an advisor is told of a booking that ended without him. */
export const CANCELLED_BY = {
  customer: '客户取消了预约',
  advisor: '您取消了预约',
  office: '公司取消了预约',
} as const

/** What an advisor reads in WeCom, where no subscribe message reaches him. */
export const toAdvisorLine = ({
  action,
  customer,
  note,
}: {
  action: string
  customer: string
  note?: string
}): string => [`${action}：${quote(customer)}`, ...(note === undefined ? [] : [note])].join('，')

const NOTES: Partial<Record<BookingState, string>> = {
  contacted: '时间以您与顾问商定的为准',
  confirmed: '有变化可在小程序里取消',
  cancelled: '需要服务请重新预约',
}

/** The last field of what a customer is told of his booking. */
export const toBookingNote = ({ state, by }: Pick<Move, 'state' | 'by'>): string =>
  (by === 'office' ? '公司调整了安排，详情请问客服' : NOTES[state]) ?? ''

type Told = Visit & { state: string; advisor: string; note: string }

/** What a customer reads in a chat when his booking has moved on. */
export const toBookingText = ({ state, advisor, note, ...visit }: Told): string =>
  `您的预约${quote(toVisit(visit))}${state}，顾问：${advisor}。${note}。`

/** Below it, the way to his bookings. */
export const OPEN_BOOKINGS = '查看我的预约'
