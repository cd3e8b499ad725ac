import type { AdvisorAction, AdvisorBooking, Lead } from '../../../shared/api/leads.ts'
import { toIsoDay } from '../../../shared/days.ts'
import type { Advisors } from '../advisors/advisors.ts'
import type { Bookings } from '../bookings/bookings.ts'
import type { Leads } from '../leads/leads.ts'
import { toShown } from './own-advisor.rules.ts'

type Deps = {
  advisors: Pick<Advisors, 'findOfMember'>
  leads: Pick<Leads, 'listFor' | 'listActionsFor'>
  bookings: Pick<Bookings, 'listFor'>
  timeZone: string
  clock: () => Date
}
/** What his page shows; `more`: there are older leads. */
export type OwnLists = {
  bookings: AdvisorBooking[]
  leads: Lead[]
  actions: AdvisorAction[]
  more: boolean
}

const DAY_MS = 86_400_000
/** A visit that is longer over is no news, nor is it asked for any more. */
const BOOKED_SINCE_MS = 30 * DAY_MS
/** All of them: they come with the latest day first, and the next visit is the last. */
const MOST_BOOKINGS = 500
const MOST_LEADS = 50
const MOST_ACTIONS = 20

/** The advisor who a member is, on the pages of members: the same data as in the mini-program, of his own customers only. */
export const createOwnAdvisor = (deps: Deps) => ({
  /** Undefined: he is none, or one who is not there for customers. */
  find: async (userId: string) => {
    const own = await deps.advisors.findOfMember(userId)
    return own?.active === true ? { advisorId: own.advisorId } : undefined
  },
  /** What his page shows. */
  look: (advisorId: string) => look(deps, advisorId),
})
export type OwnAdvisor = ReturnType<typeof createOwnAdvisor>

async function look(
  { leads, bookings, timeZone, clock }: Deps,
  advisorId: string,
): Promise<OwnLists> {
  const from = toIsoDay(new Date(clock().getTime() - BOOKED_SINCE_MS), timeZone)
  const after = null
  const [booked, own, done] = await Promise.all([
    bookings.listFor(advisorId, { limit: MOST_BOOKINGS, after, from }),
    leads.listFor(advisorId, { limit: MOST_LEADS, after }),
    leads.listActionsFor(advisorId, { limit: MOST_ACTIONS, after }),
  ])
  return {
    bookings: toShown(booked.items),
    leads: own.items,
    actions: done.items,
    more: own.next !== undefined,
  }
}
