import { BOOKING_PARTS } from '../../../shared/bookings.ts'
import {
  OUTCOMES,
  type ConsentFacts,
  type Outcome,
} from '../../components/notice-consent/notice-consent.view.ts'
import { byDay } from '../../lib/day.ts'
import { formatMoment } from '../../lib/format.ts'
import type { AdvisorAction, AdvisorBooking, Lead } from './services.ts'

type Who = { customerName: string | null; phoneMasked: string | null }
export const toWho = ({ customerName, phoneMasked }: Who): string =>
  customerName ?? phoneMasked ?? '没有留姓名的客户'

export type ConsentView = {
  shown: boolean
  lines: { id: string; title: string; left: string; out: boolean }[]
  /** What he misses if he does nothing. */
  nudge: string
  said: string
  tone: 'good' | 'warn'
  button: string
  busy: boolean
}

const SAID: Record<Outcome, string> = {
  ...OUTCOMES,
  accepted: '已经记下，客户有动作时微信会通知您。',
  banned: '微信暂时不允许发送这类通知，请到这里查看。',
}

/** 订阅: all templates in one tap, each counted by itself. */
export function toDeskConsent({ templates, outcome, busy }: ConsentFacts): ConsentView {
  const isNew = outcome === 'accepted'
  const out = isNew ? [] : templates.filter(({ remaining }) => remaining === 0)
  return {
    shown: templates.length > 0,
    // what WeChat tells the server comes a moment after a yes: until then nothing is said that it would contradict
    lines: templates.map(({ templateId, title, remaining }) => ({
      id: templateId,
      title,
      left: remaining > 0 ? `还可收到 ${String(remaining)} 条` : isNew ? '' : '收不到',
      out: remaining === 0 && !isNew,
    })),
    nudge: toNudge(
      out.map(({ title }) => title),
      templates.length,
    ),
    said: outcome === null ? '' : SAID[outcome],
    tone: outcome === null || isNew ? 'good' : 'warn',
    button: out.length > 0 ? '订阅微信通知' : '再订阅一次',
    busy,
  }
}

function toNudge(out: readonly string[], all: number): string {
  if (out.length === 0) return ''
  const what = out.length === all ? '客户有动作时' : `「${out.join('」「')}」`
  return out.length === all
    ? `${what}，微信现在不会通知您。点下面的按钮，再点「允许」。`
    : `${what}已经用完，收不到了。点下面的按钮再订阅。`
}

export type ActionLine = {
  key: string
  customerId: string
  text: string
  who: string
  when: string
}

export const toActionLine = (action: AdvisorAction, now: number): ActionLine => ({
  key: action.actionId,
  customerId: action.customerId,
  text: action.times > 1 ? `${action.text}（${String(action.times)} 次）` : action.text,
  who: toWho(action),
  when: formatMoment(action.at, now),
})

export type LeadLine = { key: string; who: string; about: string; state: string; fresh: boolean }

export const toLeadLine = (lead: Lead, now: number): LeadLine => ({
  key: lead.id,
  who: toWho({ customerName: lead.name, phoneMasked: lead.phoneMasked }),
  about: `${lead.phoneMasked} · ${formatMoment(lead.createdAt, now)}`,
  state: lead.state,
  fresh: lead.state === '待定',
})

export type BookingLine = {
  key: string
  customerId: string
  what: string
  who: string
  note: string
  state: string
  tone: 'live' | 'soon' | 'done'
}
const TONES: Partial<Record<AdvisorBooking['state'], BookingLine['tone']>> = {
  新: 'soon',
  已联系: 'soon',
  已确认: 'live',
}

export const toBookingLine = (booking: AdvisorBooking): BookingLine => ({
  key: booking.id,
  customerId: booking.customerId,
  what: `${BOOKING_PARTS[booking.part]} · ${booking.service}`,
  who: toWho(booking),
  note: booking.note ?? '',
  state: booking.state,
  tone: TONES[booking.state] ?? 'done',
})

export type BookingDay = { day: string; title: string; lines: BookingLine[] }

export const toBookingDays = (bookings: readonly AdvisorBooking[], now: number): BookingDay[] =>
  byDay(bookings, now).map(({ day, title, items }) => ({
    day,
    title,
    lines: items.map(toBookingLine),
  }))
