import { BOOKING_PARTS, type BookingPart } from '../../../shared/bookings.ts'
import { cutText } from '../../../shared/cut-text.ts'
import { toIsoDay, toMoment } from '../../../shared/days.ts'
import { kindOfField, type FieldKind } from '../../../shared/notices.ts'

/** How long a value may be by the kind of its field, and what stands for one that is not known. */
type Limit = { most: number; only?: RegExp; unknown: string }

/**
 * What WeChat takes (more is refused with 47003). `time`, `date` and `amount` are written by us and have no length.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
 */
const LIMITS: Readonly<Record<FieldKind, Limit>> = {
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

/** A name may also have Latin letters alone, twice as many. */
const LATIN_NAME: Limit = { most: 20, only: /[A-Za-z ]/g, unknown: '' }

/**
 * A value as the field of this key takes it, never half of what a person takes for one character; '' when nothing of it fits.
 * Throws nothing: a key that is none leaves it as it is.
 */
export function fitField(key: string, value: string): string {
  const kind = kindOfField(key)
  const text = value.replace(/\s+/gu, ' ').trim()
  if (kind === undefined) return text
  const fitted = fit(text, LIMITS[kind])
  return fitted === '' && kind === 'name' ? fit(text, LATIN_NAME) : fitted
}

const fit = (text: string, { most, only }: Limit): string =>
  cutText(only === undefined ? text : (text.match(only) ?? []).join(''), {
    characters: most,
  }).trim()

/** What stands in a field whose value is not known; a time or a day needs one. */
const unknownIn = (key: string): string => LIMITS[kindOfField(key) ?? 'thing'].unknown

/** A part of a day, as one books it. */
type PartOfDay = { day: string; part: BookingPart }
export type Values = Readonly<Record<string, string | Date | PartOfDay | undefined>>
type Filling = { values: Values; at: Date; timeZone: string }

const toDay = (isoDay: string): string => {
  const [year, month, day] = isoDay.split('-').map(Number)
  return `${String(year)}年${String(month)}月${String(day)}日`
}

/** From when to when a part of a day is: WeChat takes spans in a `time`. */
const SPANS: Readonly<Record<BookingPart, string>> = {
  morning: '08:00~12:00',
  afternoon: '12:00~18:00',
  evening: '18:00~21:00',
}

/** The fields of a template as WeChat takes them: `fields` says what each holds; a time that is not known is `at`. */
export const fillFields = (
  fields: Readonly<Record<string, string>>,
  filling: Filling,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, source]) => [key, toValue(key, source, filling)]),
  )

function toValue(key: string, source: string, filling: Filling): string {
  const value = filling.values[source]
  const kind = kindOfField(key)
  if (kind === 'date' || kind === 'time')
    return toTime(kind, typeof value === 'object' ? value : filling.at, filling.timeZone)
  const text = typeof value === 'object' ? toWords(value, filling.timeZone) : (value ?? '')
  return fitField(key, text) || unknownIn(key)
}

type Moment = Date | PartOfDay

function toTime(kind: 'date' | 'time', at: Moment, timeZone: string): string {
  const isInstant = at instanceof Date
  const day = toDay(isInstant ? toIsoDay(at, timeZone) : at.day)
  if (kind === 'date') return day
  return `${day} ${isInstant ? toMoment(at, timeZone).split(' ')[1]! : SPANS[at.part]}`
}

const toWords = (at: Moment, timeZone: string): string =>
  at instanceof Date ? toMoment(at, timeZone) : `${toShortDay(at.day)} ${BOOKING_PARTS[at.part]}`

/** Near enough to need no year: 6月1日. */
const toShortDay = (isoDay: string): string => toDay(isoDay).split('年')[1]!
