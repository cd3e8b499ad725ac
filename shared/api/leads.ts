import * as v from 'valibot'
import { ACTION_TYPES, LEAD_STATES } from '../advisors.ts'
import { BOOKING_PARTS, BOOKING_STATES, type BookingPart, type BookingState } from '../bookings.ts'
import { AdvisorId } from './advisors.ts'
import { InstantOut } from './envelope.ts'
import { PageQuery } from './projects.ts'

const text = (max: number) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty('不能为空'), v.maxLength(max, `最多 ${max} 个字`))
/** Also the calendar must have it. */
function isRealDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return day >= '1900' && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}
const Day = v.pipe(
  v.string(),
  v.isoDate('日期须为 2026-05-01 的样式'),
  v.check(isRealDay, '没有这一天'),
)
const PARTS = Object.keys(BOOKING_PARTS) as BookingPart[]
const STATES = Object.keys(BOOKING_STATES) as BookingState[]
const STATE_WORDS = Object.values(BOOKING_STATES)

/** What a `book_service` says besides. */
export const BookingIn = v.object({
  date: Day,
  part: v.picklist(PARTS, '时段须为 morning、afternoon 或 evening'),
  service: text(30),
  note: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(200, '最多 200 个字')))),
})
export type BookingIn = v.InferOutput<typeof BookingIn>

/**
 * R2.5. `customerId` (an openid) counts for nothing: the session says who it is. A phone that is none makes no lead, and is
 * no mistake (R2.20). `actionData` is read by the kind of action; of `book_service` it must be a `BookingIn`.
 */
export const ActionBody = v.object({
  customerId: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64)))),
  advisorId: AdvisorId,
  actionType: v.picklist(ACTION_TYPES, '没有这种行为'),
  actionData: v.optional(v.looseObject({})),
  customerName: v.optional(
    v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(30, '最多 30 个字'))),
  ),
  customerPhone: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(40)))),
})
export type ActionBody = v.InferOutput<typeof ActionBody>

/** R2.6, R2.7: `customerId` is our id of the lead, in `action` the openid, in `customer` the number of the lead. */
export const ActionTaken = v.object({
  actionId: v.string(),
  customerCreated: v.boolean(),
  customerId: v.nullable(v.string()),
  action: v.object({
    _id: v.string(),
    customerId: v.string(),
    advisorId: v.string(),
    actionType: v.picklist(ACTION_TYPES),
    customerRecordId: v.nullable(v.string()),
    notified: v.boolean(),
  }),
  customer: v.nullable(
    v.object({
      _id: v.string(),
      name: v.nullable(v.string()),
      /** As the caller has just stated it. */
      phone: v.string(),
      leadSource: v.string(),
      customerId: v.string(),
    }),
  ),
  /** Of `book_service`. */
  bookingId: v.optional(v.string()),
})
export type ActionTaken = v.InferOutput<typeof ActionTaken>

/** A booking as its customer sees it; `state` in the words of people. */
export const MyBooking = v.object({
  id: v.string(),
  advisorId: v.string(),
  advisorName: v.string(),
  date: v.string(),
  part: v.picklist(PARTS),
  service: v.string(),
  note: v.nullable(v.string()),
  state: v.picklist(STATE_WORDS),
  mayCancel: v.boolean(),
  bookedAt: InstantOut,
  changedAt: InstantOut,
})
export type MyBooking = v.InferOutput<typeof MyBooking>
export const MyBookings = v.object({
  items: v.array(MyBooking),
  nextCursor: v.optional(v.string()),
})

/** As the advisor sees it; `customerId` opens the page of the customer. */
export const AdvisorBooking = v.object({
  id: v.string(),
  customerId: v.string(),
  customerName: v.nullable(v.string()),
  phoneMasked: v.nullable(v.string()),
  date: v.string(),
  part: v.picklist(PARTS),
  service: v.string(),
  note: v.nullable(v.string()),
  state: v.picklist(STATE_WORDS),
  /** Where he may move it. */
  next: v.array(v.picklist(STATE_WORDS)),
  bookedAt: InstantOut,
  changedAt: InstantOut,
})
export type AdvisorBooking = v.InferOutput<typeof AdvisorBooking>
export const AdvisorBookings = v.object({
  items: v.array(AdvisorBooking),
  nextCursor: v.optional(v.string()),
})

/** `from`: nothing before this day. */
export const AdvisorBookingsQuery = v.object({ ...PageQuery.entries, from: v.optional(Day) })

/** The state by its word, 已确认, or by its name, confirmed. */
export const BookingMove = v.strictObject({
  state: v.pipe(
    v.picklist([...STATES, ...STATE_WORDS], '状态须为已联系、已确认、已完成或已取消'),
    v.transform((said): BookingState =>
      STATES.find((state) => state === said || BOOKING_STATES[state] === said)!,
    ),
  ),
})

/** What a customer did, as the advisor sees it; `text` is what he was told (R2.15, R2.16). */
export const AdvisorAction = v.object({
  actionId: v.string(),
  actionType: v.picklist(ACTION_TYPES),
  text: v.string(),
  times: v.number(),
  at: InstantOut,
  customerId: v.string(),
  customerName: v.nullable(v.string()),
  phoneMasked: v.nullable(v.string()),
})
export type AdvisorAction = v.InferOutput<typeof AdvisorAction>
export const AdvisorActions = v.object({
  items: v.array(AdvisorAction),
  nextCursor: v.optional(v.string()),
})

export const Lead = v.object({
  id: v.string(),
  /** CUS and 11 digits. */
  customerNo: v.string(),
  name: v.nullable(v.string()),
  phoneMasked: v.string(),
  source: v.string(),
  state: v.picklist(LEAD_STATES),
  remark: v.string(),
  note: v.nullable(v.string()),
  createdAt: InstantOut,
  updatedAt: InstantOut,
})
export type Lead = v.InferOutput<typeof Lead>
export const Leads = v.object({ items: v.array(Lead), nextCursor: v.optional(v.string()) })

/** A field left out stays. */
export const LeadBody = v.strictObject({
  state: v.optional(v.picklist(LEAD_STATES, `状态须为${LEAD_STATES.join('、')}之一`)),
  note: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(500, '最多 500 个字')))),
})
export type LeadBody = v.InferOutput<typeof LeadBody>

/** The page of R2.8: a customer of the advisor, by the id of his lead or, without one, of an action. */
export const AdvisorCustomer = v.object({
  id: v.string(),
  name: v.nullable(v.string()),
  phoneMasked: v.nullable(v.string()),
  lead: v.nullable(Lead),
  actions: v.array(AdvisorAction),
  bookings: v.array(AdvisorBooking),
})
export type AdvisorCustomer = v.InferOutput<typeof AdvisorCustomer>
export const LeadPhone = v.object({ phone: v.string() })
export const PathId = v.object({ id: v.pipe(v.string(), v.uuid('编号格式不正确')) })
