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

export type Values = Readonly<Record<string, string | Date | undefined>>
type Filling = { values: Values; at: Date; timeZone: string }

const toDay = (at: Date, timeZone: string): string => {
  const [year, month, day] = toIsoDay(at, timeZone).split('-').map(Number)
  return `${String(year)}年${String(month)}月${String(day)}日`
}

/** The fields of a template as WeChat takes them: `fields` says what each holds; a time that is not known is `at`. */
export const fillFields = (
  fields: Readonly<Record<string, string>>,
  filling: Filling,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, source]) => [key, toValue(key, source, filling)]),
  )

function toValue(key: string, source: string, { values, at, timeZone }: Filling): string {
  const value = values[source]
  const kind = kindOfField(key)
  if (kind === 'date' || kind === 'time') {
    const instant = value instanceof Date ? value : at
    const day = toDay(instant, timeZone)
    return kind === 'date' ? day : `${day} ${toMoment(instant, timeZone).split(' ')[1]!}`
  }
  const text = value instanceof Date ? toMoment(value, timeZone) : (value ?? '')
  return fitField(key, text) || unknownIn(key)
}
