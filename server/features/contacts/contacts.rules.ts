const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** When to look for a phone that the member has not noted yet: soon, then daily for two weeks (D6). */
const LOOKS = [5_000, MINUTE, 10 * MINUTE, 60 * MINUTE] as const
const DAILY_LOOKS = 14

/** Milliseconds until look number `look` (from 0), or null when it is time to give up. */
export const findNextLook = (look: number): number | null =>
  LOOKS[look] ?? (look < LOOKS.length + DAILY_LOOKS ? DAY : null)
