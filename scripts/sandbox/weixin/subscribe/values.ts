/** What a value of each type may be (platform-facts 4.6); characters are counted, not bytes or UTF-16 units. */
const types: Readonly<Record<string, (value: string) => boolean>> = {
  thing: (value) => lengthOf(value) <= 20,
  number: matches(/^-?(?=.{1,32}$)\d+(\.\d+)?$/),
  letter: matches(/^[A-Za-z]{1,32}$/),
  symbol: matches(/^[^\p{L}\p{N}\s]{1,5}$/u),
  character_string: matches(/^[\x20-\x7e]{1,32}$/),
  time: (value) => value.split('~').length <= 2 && value.split('~').every(isTime),
  date: (value) => value.split('~').length <= 2 && value.split('~').every(isDate),
  amount: matches(/^[^\p{L}\p{N}\s]?\d{1,10}(\.\d+)?元?$/u),
  phone_number: matches(/^[\d+\-() ,#*]{1,17}$/),
  car_number: matches(/^[\p{Script=Han}A-Z0-9]{1,8}$/u),
  name: matches(/^(\p{Script=Han}{1,10}|[A-Za-z ]{1,20})$/u),
  phrase: matches(/^\p{Script=Han}{1,5}$/u),
}

/** Whether the platform takes this value under a key like `thing1`. */
export function isValue(key: string, value: unknown): value is string {
  const fits = types[key.replace(/\d+$/, '')]
  return typeof value === 'string' && value.trim() !== '' && fits?.(value) === true
}

function matches(pattern: RegExp): (value: string) => boolean {
  return (value) => pattern.test(value)
}

const lengthOf = (value: string): number => [...value].length

const CLOCK = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/

/** 24 h, alone or after a day. */
function isTime(value: string): boolean {
  return CLOCK.test(value.trim()) || isDate(value)
}

const DAY = /^(\d{4})(?:年(\d{1,2})月(\d{1,2})日|-(\d{1,2})-(\d{1,2}))(?:\s*(\S+))?$/

/** A day that exists; the official sample is 2019年10月1日 15:01, field reports have 2019-10-01 too. */
function isDate(value: string): boolean {
  const [whole, year, month, day, otherMonth, otherDay, clock] = DAY.exec(value.trim()) ?? []
  if (whole === undefined) return false
  const [y, m, d] = [year, month ?? otherMonth, day ?? otherDay].map(Number) as [
    number,
    number,
    number,
  ]
  const date = new Date(Date.UTC(y, m - 1, d))
  return (
    date.getUTCMonth() === m - 1 &&
    date.getUTCDate() === d &&
    (clock === undefined || CLOCK.test(clock))
  )
}
