const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** When to look for what WeCom does not show yet, the phone or the add itself: soon, then daily for two weeks (D6). */
const LOOKS = [5_000, MINUTE, 10 * MINUTE, 60 * MINUTE] as const
const DAILY_LOOKS = 14

/** Milliseconds until look number `look` (from 0), or null when it is time to give up. */
export const findNextLook = (look: number): number | null =>
  LOOKS[look] ?? (look < LOOKS.length + DAILY_LOOKS ? DAY : null)

const TOLD_LATE_MS = MINUTE

/** Whether a follow is the one that an add announced, and not an earlier one that is still listed. */
export const isAnnounced = (followedAt: Date, announcedAt: Date): boolean =>
  followedAt.getTime() >= announcedAt.getTime() - TOLD_LATE_MS

/**
 * Whether a follow may have begun before or after an event: the platform counts in seconds. Then what it shows now tells which
 * of the two came last.
 */
export const isSameSecond = (followedAt: Date, eventAt: Date): boolean =>
  Math.floor(followedAt.getTime() / 1_000) === Math.floor(eventAt.getTime() / 1_000)
