/** The same hour `days` ago, to the second: days of an order that are young enough whenever this runs. */
export const daysAgo = (days: number): string =>
  new Date(Math.floor(Date.now() / 1_000) * 1_000 - days * 86_400_000).toISOString()

/** The same instant as a clock in Shanghai writes it. */
export const inShanghai = (instant: string): string =>
  `${new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
