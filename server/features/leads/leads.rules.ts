import { ACTIONS, type ActionType } from '../../../shared/advisors.ts'
import { toIsoDay, toMoment } from '../../../shared/days.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** What one account may do: enough for a family that compares all advisors, too little to spend an advisor's messages. */
export const LIMITS = {
  /** What is repeated so soon after the last time is no new action. */
  quietMs: 30 * MINUTE_MS,
  dayMs: DAY_MS,
  actionsPerMinute: 20,
  actionsPerDay: 100,
  leadsPerDay: 5,
  bookingsPerDay: 10,
  /** Of one advisor; new leads and bookings he is told of always. */
  toldPerDay: 10,
} as const

export type FlowFacts = {
  advisor: 'none' | 'himself' | 'another'
  /** `known`: this very account has stated it before. What others have stated, nobody looks up. */
  phone: 'absent' | 'invalid' | 'known' | 'new'
  /** He did the same within the quiet time, or has this booking already. */
  repeated: boolean
}

/** Whose advisor it is; one who is inactive is none to customers. */
export function toWhose(
  advisor: { active: boolean; accountId: number | null } | undefined,
  accountId: number,
): FlowFacts['advisor'] {
  if (advisor?.active !== true) return 'none'
  return advisor.accountId === accountId ? 'himself' : 'another'
}

type Stated = { said: string | null; phone: string | null; isKnown: boolean }

/** R2.11: `phone` is what the rule for phones makes of what he said. */
export function toPhoneFact({ said, phone, isKnown }: Stated): FlowFacts['phone'] {
  if (said === null || said.trim() === '') return 'absent'
  if (phone === null) return 'invalid'
  return isKnown ? 'known' : 'new'
}

export type Flow =
  | { kind: 'refused'; reason: 'unknown_advisor' | 'own' }
  | {
      kind: 'recorded'
      action: 'new' | 'counted'
      lead: 'none' | 'kept' | 'created'
      /** Whether the advisor is to be told, if such an action is told at all. */
      tells: boolean
    }

/** The flow of R2.20: read from the top, the first row that fits decides. */
const FLOW = {
  'no such advisor, or none any more': {
    fits: (f) => f.advisor === 'none',
    flow: { kind: 'refused', reason: 'unknown_advisor' },
  },
  'an advisor about himself': {
    fits: (f) => f.advisor === 'himself',
    flow: { kind: 'refused', reason: 'own' },
  },
  'a phone for the first time': {
    fits: (f) => f.phone === 'new',
    flow: { kind: 'recorded', action: 'new', lead: 'created', tells: true },
  },
  'repeated, with a phone that he stated before': {
    fits: (f) => f.repeated && f.phone === 'known',
    flow: { kind: 'recorded', action: 'counted', lead: 'kept', tells: false },
  },
  repeated: {
    fits: (f) => f.repeated,
    flow: { kind: 'recorded', action: 'counted', lead: 'none', tells: false },
  },
  'a phone that he stated before': {
    fits: (f) => f.phone === 'known',
    flow: { kind: 'recorded', action: 'new', lead: 'kept', tells: true },
  },
  'what is no phone': {
    fits: (f) => f.phone === 'invalid',
    flow: { kind: 'recorded', action: 'new', lead: 'none', tells: true },
  },
  'no phone': {
    fits: () => true,
    flow: { kind: 'recorded', action: 'new', lead: 'none', tells: true },
  },
} as const satisfies Record<string, { fits: (facts: FlowFacts) => boolean; flow: Flow }>
export type FlowRow = keyof typeof FLOW

export function decideFlow(facts: FlowFacts): { row: FlowRow; flow: Flow } {
  const row = (Object.keys(FLOW) as FlowRow[]).find((name) => FLOW[name].fits(facts))!
  return { row, flow: FLOW[row].flow }
}

/** An action of this account within the last day, or going on since. */
export type Recent = {
  actionId: string
  advisorId: string
  actionType: ActionType
  createdLead: boolean
  firstAt: Date
  lastAt: Date
}
type About = { advisorId: string; actionType: ActionType; now: Date }

/** The action that goes on: the same is counted there. A booking is the same by what is booked, not by when. */
export const findGoingOn = (
  recent: readonly Recent[],
  { advisorId, actionType, now }: About,
): Recent | undefined =>
  actionType === 'book_service'
    ? undefined
    : recent
        .filter((one) => one.advisorId === advisorId && one.actionType === actionType)
        .filter(({ lastAt }) => now.getTime() - lastAt.getTime() < LIMITS.quietMs)
        .toSorted((one, other) => other.lastAt.getTime() - one.lastAt.getTime())[0]

type Asked = About & { lead: 'none' | 'kept' | 'created' }

/** How long an account must wait until it may do this, in ms; 0: not at all. What is only counted never waits. */
export function findActionWait(
  recent: readonly Recent[],
  { actionType, lead, now }: Omit<Asked, 'advisorId'>,
): number {
  const until = (
    { most, ms }: { most: number; ms: number },
    counts: (one: Recent) => boolean = () => true,
  ): number => {
    const begun = recent.filter(counts).map(({ firstAt }) => firstAt.getTime())
    const last = begun.toSorted((one, other) => other - one)[most - 1]
    return last === undefined ? 0 : last + ms - now.getTime()
  }
  const ms = DAY_MS
  return Math.max(
    0,
    until({ most: LIMITS.actionsPerMinute, ms: MINUTE_MS }),
    until({ most: LIMITS.actionsPerDay, ms }),
    lead === 'created' ? until({ most: LIMITS.leadsPerDay, ms }, (one) => one.createdLead) : 0,
    actionType === 'book_service'
      ? until({ most: LIMITS.bookingsPerDay, ms }, (one) => one.actionType === 'book_service')
      : 0,
  )
}

/** Whether the advisor hears of it: never of who looks at his own project, and of one account only so often a day. */
export function isTold(
  recent: readonly Recent[],
  { advisorId, actionType, lead, now }: Asked,
): boolean {
  if (actionType === 'view_project') return false
  if (lead === 'created' || actionType === 'book_service') return true
  const told = recent.filter(
    (one) =>
      one.advisorId === advisorId &&
      one.actionType !== 'view_project' &&
      now.getTime() - one.firstAt.getTime() < LIMITS.dayMs,
  )
  return told.length < LIMITS.toldPerDay
}

/** R2.15, R2.16, R2.17. */
export const toActionText = (actionType: ActionType, isNew: boolean): string =>
  ACTIONS[actionType][isNew ? 'ofNew' : 'ofKnown']

/** R2.13: 备注 of a new lead. */
export const toRemark = (
  actionType: ActionType,
  { now, timeZone }: { now: Date; timeZone: string },
): string =>
  `${toIsoDay(now, timeZone).slice(0, 4)}年${toMoment(now, timeZone)} ${ACTIONS[actionType].label}时留下手机号，系统自动创建`

/** R2.6. */
export const toMessage = (createdLead: boolean): string =>
  createdLead ? '记录客户行为成功，已创建新客户线索' : '记录客户行为成功'

/** How many numbers of leads there are. */
export const CUSTOMER_NUMBERS = 10 ** 11

/** The number of a lead, of chance from 0 to below `CUSTOMER_NUMBERS`. */
export const toCustomerNo = (chance: number): string => `CUS${String(chance).padStart(11, '0')}`

/** Nobody calls more people in an hour; who looks at more phones collects them. */
export const REVEALS_PER_HOUR = 60
