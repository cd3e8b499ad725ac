import { toIsoDay, toMoment } from '../../../shared/days.ts'
import { fitField, kindOfField, unknownIn } from '../../../shared/notices.ts'

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
