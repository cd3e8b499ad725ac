import { LEAD_STATES } from '../../../shared/advisors.ts'
import { byDay } from '../../lib/day.ts'
import { formatMoment } from '../../lib/format.ts'
import {
  toActionLine,
  toBookingLine,
  toWho,
  type ActionLine,
  type BookingLine,
} from './desk.view.ts'
import type { AdvisorBooking, AdvisorCustomer, Lead } from './services.ts'

type State = AdvisorBooking['state']
type Way = { state: State; label: string; ends: boolean }
export type DetailView = {
  who: string
  phone: string
  lead: {
    id: string
    no: string
    since: string
    state: number
    note: string
    remark: string
  } | null
  days: { day: string; title: string; lines: (BookingLine & { ways: Way[] })[] }[]
  actions: ActionLine[]
}

export const LEAD_CHOICES: readonly string[] = LEAD_STATES

const WAYS: Partial<Record<State, string>> = {
  已联系: '标为已联系',
  已确认: '确认预约',
  已完成: '标为已完成',
  已取消: '取消预约',
}

export const toDetailView = (customer: AdvisorCustomer, now: number): DetailView => ({
  who: toWho({ customerName: customer.name, phoneMasked: null }),
  phone: customer.phoneMasked ?? '',
  lead: customer.lead && toLead(customer.lead, now),
  days: byDay(customer.bookings, now).map(({ day, title, items }) => ({
    day,
    title,
    lines: items.map((booking) => ({ ...toBookingLine(booking), ways: toWays(booking) })),
  })),
  actions: customer.actions.map((action) => toActionLine(action, now)),
})

const toLead = (lead: Lead, now: number): NonNullable<DetailView['lead']> => ({
  id: lead.id,
  no: lead.customerNo,
  since: `来源 ${lead.source} · ${formatMoment(lead.createdAt, now)}`,
  state: LEAD_STATES.indexOf(lead.state),
  note: lead.note ?? '',
  remark: lead.remark,
})

/** Where the server lets him move it: what goes on first, the end of it last. */
const toWays = ({ next }: AdvisorBooking): Way[] =>
  next.map((state) => ({ state, label: WAYS[state] ?? state, ends: state === '已取消' }))
