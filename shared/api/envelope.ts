import * as v from 'valibot'

/** Every success answers in this envelope (R2.1); `timestamp` in milliseconds. */
export const envelope = <Data extends v.GenericSchema>(data: Data) =>
  v.object({ success: v.literal(true), data, message: v.string(), timestamp: v.number() })

/** Every error: a stable `code` to program against and a Chinese `message` to show. */
export const ErrorAnswer = v.object({
  success: v.literal(false),
  error: v.object({ code: v.string() }),
  message: v.string(),
  timestamp: v.number(),
  requestId: v.string(),
})
export type ErrorAnswer = v.InferOutput<typeof ErrorAnswer>

/** An instant as the API writes it: ISO 8601 in UTC. */
export const InstantOut = v.string()

/** Yes or no in an address. */
export const Flag = v.pipe(
  v.picklist(['true', 'false'], '须为 true 或 false'),
  v.transform((text) => text === 'true'),
)

/** A day that the calendar has, in a plausible year, with an offset that some place on earth has. */
function isRealInstant(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  const offset = /[+-](\d{2}):?\d{2}$/.exec(text.slice(10))?.[1]
  return (
    year >= 1900 &&
    year <= 2199 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    (offset === undefined || Number(offset) <= 14) &&
    !Number.isNaN(Date.parse(text))
  )
}

/** An instant as the API reads it: ISO 8601 with a zone, so that nobody has to guess the hour. */
export const InstantIn = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})$/,
    '时间须为带时区的 ISO 8601 格式，例如 2026-05-01T09:00:00+08:00',
  ),
  v.check(isRealInstant, '这个时间不存在'),
)
