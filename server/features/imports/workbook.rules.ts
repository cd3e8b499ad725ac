const DAY_MS = 86_400_000
/** Beyond the last day of the year 9999 Excel knows none. */
const LAST_SERIAL = 2_958_466
/** Formats that every Excel knows by number and that show a day or a time, those of Chinese Excel included. */
const BUILT_IN: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
]

/** Whether a number format shows a day or a time; `code`: of a format of the workbook's own. */
export function showsDay(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN.some(([from, to]) => id >= from && id <= to)
  const letters = code
    .replaceAll(/"[^"]*"|\\.|_.|\*./g, '')
    .replaceAll(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
  return /[ymdhs]/i.test(letters.replaceAll(/general/gi, ''))
}

/** A day as Excel counts it, or the number itself where Excel has no such day. */
export function toDay(serial: number, countsFrom1904: boolean): Date | number {
  if (!(serial >= 0 && serial < LAST_SERIAL)) return serial
  const first = countsFrom1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)
  // Excel knows a 29 February 1900 that never was.
  const days = !countsFrom1904 && serial < 60 ? serial + 1 : serial
  return new Date(first + Math.round(days * 86_400) * (DAY_MS / 86_400))
}

export const MOST_COLUMNS = 16_384

/** `AB7` is in the 28th column, which is 27; undefined: no such column. */
export function columnOf(reference: string): number | undefined {
  const letters = /^[A-Z]{1,3}/i.exec(reference)?.[0].toUpperCase()
  if (letters === undefined) return undefined
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return column < MOST_COLUMNS ? column : undefined
}

/** What XML cannot hold stands in a workbook by its number. */
export const unescape = (text: string): string =>
  text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
