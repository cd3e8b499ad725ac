const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * The numbers that keep guessing hopeless (docs/decisions/guessing-budget.md; the test "a paced attacker" pins them).
 * All windows are rolling and shared by all processes.
 */
export const LIMITS = {
  /** Issuing, per account. */
  issue: { apartMs: 30_000, perHour: 5, perDay: 10 },
  /** Wrong tries, per contact: any of these pauses it. */
  contact: [
    { wrong: 5, withinMs: 15 * MINUTE },
    { wrong: 10, withinMs: DAY },
    { wrong: 20, withinMs: 7 * DAY },
  ],
  /**
   * Wrong tries in chats that a human has, where digits are postcodes and dates: they count for nothing, but when one of these is
   * reached the next are not even looked at, or guessing would be free there.
   */
  people: { ofContact: 3, ofAll: 15, withinMs: 7 * DAY },
  /** The first pause of a contact; each further one within 30 days doubles, up to a day. */
  pause: { firstMs: 15 * MINUTE, longestMs: DAY, rememberedMs: 30 * DAY },
  /** Wrong tries of everybody, and live codes: above any of these new codes have 8 digits. */
  corp: [
    { wrong: 30, withinMs: HOUR },
    { wrong: 30, withinMs: 7 * DAY },
  ],
  liveCodes: 100,
  alarmMs: DAY,
  digits: { calm: 6, alarm: 8 },
} as const

/** How long an account must wait for its next code, in ms; 0: not at all. `issuedAt` newest first. */
export function findIssueWait(issuedAt: readonly Date[], now: Date): number {
  const { apartMs, perHour, perDay } = LIMITS.issue
  return Math.max(
    0,
    waitFor(issuedAt, { count: 1, windowMs: apartMs, now }),
    waitFor(issuedAt, { count: perHour, windowMs: HOUR, now }),
    waitFor(issuedAt, { count: perDay, windowMs: DAY, now }),
  )
}

type Window = { count: number; windowMs: number; now: Date }

/** Until fewer than `count` of the times lie within the window. */
function waitFor(newestFirst: readonly Date[], { count, windowMs, now }: Window): number {
  const oldest = newestFirst[count - 1]
  return oldest === undefined ? 0 : oldest.getTime() + windowMs - now.getTime()
}

/**
 * When a contact that has just been wrong may try again, or null when it need not wait. `triedAt` newest first, this
 * one included; `pauses`: how many it had within 30 days.
 */
export function findPauseEnd(triedAt: readonly Date[], pauses: number, now: Date): Date | null {
  const waits = LIMITS.contact.map((measure) => ({
    measure,
    waitMs: waitFor(triedAt, { count: measure.wrong, windowMs: measure.withinMs, now }),
  }))
  const reached = waits.filter(({ waitMs }) => waitMs > 0)
  if (reached.length === 0) return null
  const { firstMs, longestMs } = LIMITS.pause
  const doubled = Math.min(longestMs, firstMs * 2 ** pauses)
  // A full day's or week's measure is over only when it has emptied again.
  const emptied = Math.max(
    ...reached.slice(reached[0]?.measure === LIMITS.contact[0] ? 1 : 0).map(({ waitMs }) => waitMs),
    0,
  )
  return new Date(now.getTime() + Math.max(doubled, emptied))
}

/** Whether digits sent to people are still looked at; both numbers are those of LIMITS.people.withinMs. */
export const mayLookAtPeople = (wrong: { ofContact: number; ofAll: number }): boolean =>
  wrong.ofContact < LIMITS.people.ofContact && wrong.ofAll < LIMITS.people.ofAll

export type Pressure = { wrongByWindow: readonly number[]; liveCodes: number }

/** Why new codes need 8 digits, or null. `wrongByWindow` follows LIMITS.corp. */
export function findAlarm({
  wrongByWindow,
  liveCodes,
}: Pressure): 'wrong_tries' | 'live_codes' | null {
  if (LIMITS.corp.some(({ wrong }, index) => wrongByWindow[index]! >= wrong)) return 'wrong_tries'
  return liveCodes > LIMITS.liveCodes ? 'live_codes' : null
}
