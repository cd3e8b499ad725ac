const DAY_MS = 86_400_000
const CHINA_MS = 8 * 3_600_000
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

/** The day of the company's calendar at an instant, 2026-05-03: a booking has a day, not an instant. */
export const dayOf = (now: number): string => new Date(now + CHINA_MS).toISOString().slice(0, 10)

/** The hour of the company's wall clock, 0 to 23. */
export const hourOf = (now: number): number => new Date(now + CHINA_MS).getUTCHours()

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)

/** 今天 5月3日 周日, 明天 5月4日 周一, 5月9日 周六, 2027年1月2日 周六 */
export function formatDay(day: string, now: number): string {
  const today = dayOf(now)
  const date = new Date(day)
  const year = day.slice(0, 4) === today.slice(0, 4) ? '' : `${day.slice(0, 4)}年`
  const near = day === today ? '今天 ' : day === addDays(today, 1) ? '明天 ' : ''
  return `${near}${year}${date.getUTCMonth() + 1}月${date.getUTCDate()}日 ${WEEKDAYS[date.getUTCDay()]!}`
}

/** What is still to come first, the next day at the top; then what is over, the latest at the top. */
export function byDay<Item extends { date: string }>(
  items: readonly Item[],
  now: number,
): { day: string; title: string; items: Item[] }[] {
  const today = dayOf(now)
  const days = [...new Set(items.map(({ date }) => date))].sort()
  const toCome = days.filter((day) => day >= today)
  const over = days.filter((day) => day < today).reverse()
  return [...toCome, ...over].map((day) => ({
    day,
    title: formatDay(day, now),
    items: items.filter(({ date }) => date === day),
  }))
}
