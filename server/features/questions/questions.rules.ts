import { toPhones } from '../../../shared/phone.ts'
import type { TapQuestion } from '../customers/customers.ts'

/** How long an answer can be taken back before it counts (ownership.md, 6). */
export const TAKE_BACK_MS = 10_000

const CONFIRMABLE: Record<TapQuestion, true> = {
  several_phones: true,
  phone_seen_late: true,
  phone_changed: true,
  claim_differs: true,
}

/** The numbers among which a member may choose by one tap (D6); what stands against another proof is for an admin. */
export const findChoices = (kind: string, remarkMobiles: readonly string[]): string[] =>
  Object.hasOwn(CONFIRMABLE, kind) ? toPhones(remarkMobiles) : []

const DAY_MS = 86_400_000

/** The day of the week in a time zone; 0: Sunday. */
function weekdayOf(at: Date, timeZone: string): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(at)
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(name)
}

const isWorkingDay = (at: Date, timeZone: string): boolean =>
  ![0, 6].includes(weekdayOf(at, timeZone))

/** When one working day has passed: the same time on the next day that is neither Saturday nor Sunday, counted from one that is not. */
export function findEscalation(openedAt: Date, timeZone: string): Date {
  let at = openedAt
  while (!isWorkingDay(at, timeZone)) at = new Date(at.getTime() + DAY_MS)
  do at = new Date(at.getTime() + DAY_MS)
  while (!isWorkingDay(at, timeZone))
  return at
}

export const CLAIM = { perDay: 3, dayMs: DAY_MS } as const

/** Milliseconds until an order number may be tried again; 0: now. `triedAt` newest first. */
export function findClaimWait(triedAt: readonly Date[], now: Date): number {
  const oldest = triedAt[CLAIM.perDay - 1]
  return oldest === undefined ? 0 : Math.max(0, oldest.getTime() + CLAIM.dayMs - now.getTime())
}

/** Rows of table A where nothing speaks against the customer: there his order number is proof enough. */
const UNCLEAR: ReadonlySet<string | null> = new Set(['same name, proven long ago', 'nothing tells'])

/** What a question about a number is about: what nobody sees, and what its owner named although another has it. */
export const isAskedAbout = (
  { claimed }: { claimed: readonly number[] },
  { id, shown }: { id: number; shown: boolean },
): boolean => !shown || claimed.includes(id)

type Named = { id: number; name: string | null }

/** An order as somebody was asked about it: whom it names belongs to the question. */
export const toAsked = ({ id, name }: Named): string => `${String(id)}:${name ?? ''}`

/** An answer says nothing of an order that was loaded, or came to name somebody else, while it could be taken back. */
export const isAnswered = ({ asked }: { asked?: readonly string[] }, party: Named): boolean =>
  asked === undefined || asked.includes(toAsked(party))

type Claimed = {
  /** The order names the customer's own number, which he has proven. */
  isOwnNumber: boolean
  isInQuestion: boolean
  state: 'waiting' | 'held' | 'attached'
  isHis: boolean
  shown: boolean
  decidedRow: string | null
  settled: boolean
}

/**
 * What an order number does that a customer types (ownership.md, 3). `found`: he sees the order already; `settle`: nothing
 * spoke against him, and a stranger has no contract; `ask`: something does, and a number is guessed sooner than a person.
 */
export function decideClaim({
  isOwnNumber,
  isInQuestion,
  state,
  isHis,
  shown,
  decidedRow,
  settled,
}: Claimed): 'found' | 'settle' | 'ask' {
  if (!isOwnNumber) return 'ask'
  if (state === 'attached' && isHis) return shown ? 'found' : isInQuestion ? 'ask' : 'settle'
  return state === 'held' && !settled && !isInQuestion && UNCLEAR.has(decidedRow) ? 'settle' : 'ask'
}
