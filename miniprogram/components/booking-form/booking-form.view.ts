import type { BookingIn } from '../../../shared/api/leads.ts'
import { BOOKING_PARTS, type BookingPart } from '../../../shared/bookings.ts'
import { normalisePhone } from '../../../shared/phone.ts'
import { addDays, dayOf, formatDay, hourOf } from '../../lib/day.ts'
import type { Wish } from '../../services/advisors.ts'

/** What the customer has chosen and typed so far. */
export type Draft = {
  date: string
  part: BookingPart | ''
  service: string
  note: string
  name: string
  phone: string
}
export type FormFacts = { draft: Draft; services: readonly string[]; busy: boolean; hint: string }
type Choice = { key: string; label: string; chosen: boolean; off: boolean }
export type FormView = {
  first: string
  last: string
  date: string
  day: string
  parts: Choice[]
  services: Choice[]
  busy: boolean
  hint: string
}

const DAYS_AHEAD = 90
/** The hour of the day at which a part of it is over. */
const ENDS: Record<BookingPart, number> = { morning: 12, afternoon: 18, evening: 22 }
const PARTS = Object.entries(BOOKING_PARTS) as [BookingPart, string][]

/** Tomorrow: whoever asks for today should say so. */
export const newDraft = (services: readonly string[], now: number): Draft => ({
  date: addDays(dayOf(now), 1),
  part: '',
  service: services.length === 1 ? services[0]! : '',
  note: '',
  name: '',
  phone: '',
})

export const toFormView = ({ draft, services, busy, hint }: FormFacts, now: number): FormView => ({
  first: dayOf(now),
  last: addDays(dayOf(now), DAYS_AHEAD),
  date: draft.date,
  day: formatDay(draft.date, now),
  parts: PARTS.map(([key, label]) => {
    const off = isOver(draft.date, key, now)
    return { key, label: off ? `${label}（已过）` : label, chosen: !off && key === draft.part, off }
  }),
  services: services.map((service) => ({
    key: service,
    label: service,
    chosen: service === draft.service,
    off: false,
  })),
  busy,
  hint,
})

const isOver = (date: string, part: BookingPart, now: number): boolean =>
  date < dayOf(now) || (date === dayOf(now) && hourOf(now) >= ENDS[part])

export type Read = { ok: true; wish: Wish } | { ok: false; hint: string }

/** What was filled in, as a wish, or what to say about it. */
export function readDraft({ date, part, service, note, name, phone }: Draft, now: number): Read {
  if (service.trim() === '') return { ok: false, hint: '请选择要预约的服务' }
  if (part === '') return { ok: false, hint: '请选择时段' }
  if (isOver(date, part, now)) return { ok: false, hint: '这个时段已经过了，请换一个' }
  const typed = phone.trim() === '' ? undefined : normalisePhone(phone)
  if (typed === null) return { ok: false, hint: '这个号码不对，请填写 11 位大陆手机号，或者不填' }
  const asked: BookingIn = {
    date,
    part,
    service: service.trim(),
    ...(note.trim() !== '' && { note: note.trim() }),
  }
  return {
    ok: true,
    wish: {
      ...asked,
      ...(typed !== undefined && { phone: typed }),
      ...(name.trim() !== '' && { name: name.trim() }),
    },
  }
}

/** 5月3日 周日 上午 · 上门量房 */
export const toBooked = ({ date, part, service }: BookingIn, now: number): string =>
  `${formatDay(date, now)} ${BOOKING_PARTS[part]} · ${service}`
