/** `strong`: a name or a person said so; `weak`: nothing spoke against it. */
export type Strength = 'weak' | 'strong'
export type PartyState = 'waiting' | 'held' | 'attached'
/** Who is asked about a party that is held; null: nobody, or he is being asked already. */
export type Asked = 'staff' | 'customer' | null

const DAY_MS = 86_400_000
/** The times of ownership.md that no company needs to change. */
export const TIMES = {
  firstOrderMs: 30 * DAY_MS,
  longMs: 365 * DAY_MS,
  recentMs: 90 * DAY_MS,
  /** WeCom tells when somebody was added to the second, and cuts. */
  addPrecisionMs: 1_000,
} as const

export const isAfterProof = (beganAt: Date, provenAt: Date): boolean =>
  beganAt.getTime() - provenAt.getTime() >= TIMES.addPrecisionMs

export type PartyFacts = {
  /** Whom the party was settled for or attached to last; 'another': somebody who is not the owner of the number now. */
  holder: 'nobody' | 'owner' | 'another'
  /** By an answer, an admin, a hand-over or the order number. */
  settled: boolean
  /** How firmly it is, or was before its owner lost the number, attached; null: not. */
  strength: Strength | null
  /** The order names whom it named when that was decided. */
  isNamedAsThen: boolean
  hasOwner: boolean
  /** Somebody doubts whose number it is: an unanswered question, an answer not yet effective, a review that names it. */
  isInQuestion: boolean
  beganAfterProof: boolean
  /** How the name of the order compares with those by which the owner is known. */
  name: 'same' | 'differs' | 'nothing'
  /** The first order of this number that names anybody, and none names somebody else. */
  isFirstNamed: boolean
  /** Between the beginning of the party and the owner's last add or word of an admin, either way. */
  beganFromAddMs: number
  /**
   * How long before the owner's add it began; negative: after it. What had stood on the number for longer than a number
   * rests may be the former owner's, however lately this one was added, and whoever serves him.
   */
  beganBeforeAddMs: number
  /** Since the owner's last proof or answer. */
  ageMs: number
  /** The owner has an order that runs and is settled or strong. */
  hasLivingStrong: boolean
  /** The owner has an order that runs, is at most 90 days old, and is in the hands of the same member. */
  hasLivingOfMember: boolean
  /** How long the number of a new owner cannot be anybody else's: the setting `freshDays`. */
  freshMs: number
}

export type PartyOutcome =
  | { state: 'stays' }
  | { state: 'waiting' }
  | { state: 'held'; ask: Asked }
  | { state: 'attached'; strength: Strength }

/**
 * Table A of ownership.md: whose an order is. Read from the top, the first row that fits decides. One row is more than
 * there: what was somebody else's goes to the new owner of a number by a hand-over only.
 */
const TABLE_A = {
  'settled before': { fits: (f) => f.settled && f.isNamedAsThen, outcome: { state: 'stays' } },
  'nobody has proven the number': { fits: (f) => !f.hasOwner, outcome: { state: 'waiting' } },
  'the number is in question': {
    fits: (f) => f.isInQuestion && f.beganAfterProof && !isStrongAsThen(f),
    outcome: { state: 'held', ask: null },
  },
  "it was somebody else's": {
    fits: (f) => f.holder === 'another',
    outcome: { state: 'held', ask: null },
  },
  'attached before': { fits: (f) => isAttachedAsThen(f), outcome: { state: 'stays' } },
  'names differ': { fits: (f) => f.name === 'differs', outcome: { state: 'held', ask: 'staff' } },
  'the first named order of a new owner': {
    fits: (f) => f.isFirstNamed && f.beganFromAddMs <= TIMES.firstOrderMs,
    outcome: { state: 'attached', strength: 'strong' },
  },
  'same name, lately proven or an order that runs': {
    fits: (f) => f.name === 'same' && (f.ageMs <= TIMES.longMs || f.hasLivingStrong),
    outcome: { state: 'attached', strength: 'strong' },
  },
  'same name, proven long ago': {
    fits: (f) => f.name === 'same',
    outcome: { state: 'held', ask: 'customer' },
  },
  'nothing tells, just proven': {
    fits: (f) => f.ageMs <= f.freshMs && !mayBeFormer(f),
    outcome: { state: 'attached', strength: 'weak' },
  },
  'nothing tells, an order that runs with the same member': {
    fits: (f) => f.hasLivingOfMember && !mayBeFormer(f),
    outcome: { state: 'attached', strength: 'weak' },
  },
  'nothing tells': { fits: () => true, outcome: { state: 'held', ask: 'customer' } },
} as const satisfies Record<string, { fits: (facts: PartyFacts) => boolean; outcome: PartyOutcome }>
export type PartyRow = keyof typeof TABLE_A

/** It had stood on the number for longer than a number rests when the owner was added. */
const mayBeFormer = (f: PartyFacts): boolean => f.beganBeforeAddMs > f.freshMs
const isAttachedAsThen = (f: PartyFacts): boolean =>
  f.holder === 'owner' && f.strength !== null && f.isNamedAsThen
const isStrongAsThen = (f: PartyFacts): boolean => isAttachedAsThen(f) && f.strength === 'strong'

export function decideParty(facts: PartyFacts): { row: PartyRow; outcome: PartyOutcome } {
  const rows = Object.entries(TABLE_A) as [PartyRow, (typeof TABLE_A)[PartyRow]][]
  const [row, { outcome }] = rows.find(([, { fits }]) => fits(facts))!
  return { row, outcome }
}

export type ShownFacts = {
  isConfirmed: boolean
  /** When the person was first added by this number, or vouched for; null: not known. */
  firstAt: Date | null
  strength: Strength
  /** The days that an order and its work had: signed, a stage done, equipment installed. Not planned, warranty or load times. */
  happenedAt: readonly Date[]
  /** An active stage, or a status word that the company mapped as running. */
  isRunning: boolean
  /** It ran while it was his and shown: that it is finished now, without a date, makes it nobody else's. */
  ranWhileHis: boolean
  isImported: boolean
  createdAt: Date
  freshMs: number
  now: Date
}

/** Table B of ownership.md: is an attached order shown? What the owner of the number before may have ordered is not. */
const TABLE_B = {
  confirmed: { fits: (f) => f.isConfirmed, shown: true },
  'first proof unknown': { fits: (f) => f.firstAt === null, shown: false },
  'something happened since': {
    fits: (f) =>
      f.firstAt !== null &&
      (findNewest(f)?.getTime() ?? -Infinity) >= f.firstAt.getTime() - backMs(f),
    shown: true,
  },
  'no date, runs, loaded since': {
    fits: (f) =>
      f.firstAt !== null &&
      findNewest(f) === null &&
      f.isRunning &&
      !f.isImported &&
      f.createdAt.getTime() >= f.firstAt.getTime() - f.freshMs,
    shown: true,
  },
  'no date, ran while his': {
    fits: (f) => f.firstAt !== null && findNewest(f) === null && f.ranWhileHis,
    shown: true,
  },
  'may be of another owner': { fits: () => true, shown: false },
} as const satisfies Record<string, { fits: (facts: ShownFacts) => boolean; shown: boolean }>
export type ShownRow = keyof typeof TABLE_B

const backMs = ({ strength, freshMs }: ShownFacts): number =>
  strength === 'strong' ? TIMES.longMs : freshMs

function findNewest({ happenedAt, now }: ShownFacts): Date | null {
  const past = happenedAt.filter((at) => at <= now)
  return past.length === 0 ? null : new Date(Math.max(...past.map((at) => at.getTime())))
}

export function decideShown(facts: ShownFacts): { row: ShownRow; shown: boolean } {
  const rows = Object.entries(TABLE_B) as [ShownRow, (typeof TABLE_B)[ShownRow]][]
  const [row, { shown }] = rows.find(([, { fits }]) => fits(facts))!
  return { row, shown }
}

/** Rows of table B by which an order without a date was shown because it ran. */
const RAN: ReadonlySet<string | null> = new Set<ShownRow>([
  'no date, runs, loaded since',
  'no date, ran while his',
])
export const ranWhileShown = (shownRow: string | null): boolean => RAN.has(shownRow)

/** D21: only a word that the company mapped, or an active stage, makes an order look alive. */
export const isRunning = ({
  statusKind,
  hasActiveStage,
}: {
  statusKind: 'running' | 'finished' | 'unknown'
  hasActiveStage: boolean
}): boolean => statusKind !== 'finished' && (hasActiveStage || statusKind === 'running')

type Handed = {
  strength: Strength | null
  isSettled: boolean
  holder: 'nobody' | 'former' | 'another'
  beganAt: Date
  isNamed: boolean
  isLeftOut: boolean
}

/**
 * What becomes of a party when its number changes hands (ownership.md, 8). `moves`: whoever has the number next is asked
 * about anew; `stays`: it remains the former owner's; `reserved`: unclear already, and from before `since` or left out by
 * whoever was asked: it is nobody's until a person says; `untouched`: it was neither's.
 */
export function decideHandOver(
  { strength, isSettled, holder, beganAt, isNamed, isLeftOut }: Handed,
  since: Date,
): 'moves' | 'stays' | 'reserved' | 'untouched' {
  if (isNamed) return 'moves'
  if (holder === 'another') return 'untouched'
  if (holder === 'former' && (isSettled || strength === 'strong')) return 'stays'
  if (beganAt > since && !isLeftOut) return 'moves'
  return holder === 'former' && strength !== null ? 'stays' : 'reserved'
}

/**
 * Since when a number is taken to be somebody else's when nobody says: after the last order that is surely the former
 * owner's, and not before his last proof. `lasting`: while nobody doubts it, a number cannot have gone on within `freshMs`.
 */
export function findSince({
  provenAt,
  surelyHis,
  lastingMs,
}: {
  provenAt: Date
  surelyHis: readonly Date[]
  lastingMs: number
}): Date {
  return new Date(Math.max(provenAt.getTime() + lastingMs, ...surelyHis.map((at) => at.getTime())))
}
