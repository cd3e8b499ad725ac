import * as v from 'valibot'
import { Flag, InstantOut } from './envelope.ts'
import { PageQuery, PhoneIn } from './projects.ts'
import { CustomerCard, ExternalUserId } from './remedies.ts'
import { Why, WhyCode } from './why.ts'

/** Another row that is probably the same person, and what says so. */
const Likely = v.object({ id: v.number(), customerNo: v.string(), because: v.string() })

export const CustomerItem = v.object({
  ...CustomerCard.entries,
  /** The member who follows the contact now. */
  advisor: v.optional(v.object({ userid: v.string(), name: v.optional(v.string()) })),
  /** How that member got the contact, by WeCom's number; 2: by a search for the phone. */
  addWay: v.optional(v.number()),
  why: Why,
  likely: v.optional(v.array(Likely)),
  boundAt: v.optional(InstantOut),
  lastSeenAt: v.optional(InstantOut),
  /** How many orders he sees, or would see as soon as he may. */
  projects: v.number(),
  /** How many orders of his number wait for a person, or for a proof of the number. */
  heldOrders: v.number(),
})
export type CustomerItem = v.InferOutput<typeof CustomerItem>
export const CustomerItems = v.object({
  items: v.array(CustomerItem),
  nextCursor: v.optional(v.string()),
})

const Q = v.pipe(v.string(), v.trim(), v.maxLength(100, '最多 100 个字'))
const filters = {
  q: v.optional(Q),
  reason: v.optional(WhyCode),
}

export const SearchBody = v.strictObject({
  ...filters,
  stuck: v.optional(v.boolean()),
  cursor: v.optional(v.string()),
  limit: v.optional(
    v.pipe(
      v.number(),
      v.integer('须为整数'),
      v.minValue(1, '须为 1 到 100'),
      v.maxValue(100, '须为 1 到 100'),
    ),
  ),
})

/** By phone or contact, exactly one of the two; or by what one remembers of him. */
export const CustomerQuery = v.pipe(
  v.strictObject({
    ...PageQuery.entries,
    ...filters,
    stuck: v.optional(Flag),
    phone: v.optional(PhoneIn),
    externalUserId: v.optional(ExternalUserId),
  }),
  v.forward(
    v.check(
      ({ phone, externalUserId, q, stuck, reason }) =>
        phone !== undefined || externalUserId !== undefined
          ? (phone === undefined) !== (externalUserId === undefined)
          : q !== undefined || stuck !== undefined || reason !== undefined,
      '请填写 phone 或 externalUserId，只填其中一个',
    ),
    ['phone'],
  ),
)
export type CustomerQuery = v.InferOutput<typeof CustomerQuery>

const instant = { at: InstantOut }
/** The whole story of one customer; phones are masked. */
export const CustomerStory = v.object({
  ...CustomerItem.entries,
  accounts: v.array(
    v.object({
      id: v.number(),
      app: v.string(),
      openid: v.string(),
      signedInAt: v.optional(InstantOut),
      tiedAt: v.optional(InstantOut),
      tiedBy: v.optional(v.string()),
      endedAt: v.optional(InstantOut),
      endedBy: v.optional(v.string()),
    }),
  ),
  contacts: v.array(
    v.object({
      externalUserId: v.string(),
      name: v.optional(v.string()),
      userid: v.string(),
      memberName: v.optional(v.string()),
      addWay: v.number(),
      followedAt: InstantOut,
      endedAt: v.optional(InstantOut),
      notedPhonesMasked: v.array(v.string()),
    }),
  ),
  evidence: v.array(
    v.object({
      ...instant,
      kind: v.string(),
      phoneMasked: v.optional(v.string()),
      memberUserid: v.optional(v.string()),
      reason: v.optional(v.string()),
      revokedAt: v.optional(InstantOut),
      revokedReason: v.optional(v.string()),
    }),
  ),
  history: v.array(
    v.object({
      ...instant,
      decision: v.string(),
      outcome: v.string(),
      actor: v.string(),
      phoneMasked: v.optional(v.string()),
    }),
  ),
  claims: v.array(
    v.object({
      ...instant,
      phoneMasked: v.optional(v.string()),
      status: v.string(),
      expiresAt: InstantOut,
    }),
  ),
  questions: v.array(
    v.object({ ...instant, id: v.number(), kind: v.string(), closedAt: v.optional(InstantOut) }),
  ),
  projects: v.array(
    v.object({
      orderNo: v.string(),
      title: v.string(),
      status: v.string(),
      state: v.string(),
      shown: v.boolean(),
      /** A person has hidden the order: no customer sees it, whosever it is. */
      hidden: v.boolean(),
      role: v.string(),
      name: v.optional(v.string()),
    }),
  ),
  /**
   * What was told, and by which way: of a project's stage, a booking or a service's message `subscribe`, `kf`, `official` or
   * `staff`, each with its result (`nobody`: no way was taken, and why); of his binding `staff`.
   */
  notices: v.array(
    v.object({
      ...instant,
      kind: v.string(),
      to: v.string(),
      result: v.optional(v.string()),
      reason: v.optional(v.string()),
      orderNo: v.optional(v.string()),
      stage: v.optional(v.string()),
    }),
  ),
  /** What he did about advisors; `createdLead`: he left a phone with it for the first time. */
  actions: v.array(
    v.object({
      ...instant,
      actionType: v.string(),
      advisorId: v.string(),
      advisorName: v.string(),
      times: v.number(),
      createdLead: v.boolean(),
    }),
  ),
  bookings: v.array(
    v.object({
      ...instant,
      advisorId: v.string(),
      advisorName: v.string(),
      date: v.string(),
      part: v.string(),
      service: v.string(),
      state: v.string(),
    }),
  ),
  /** What the ERP knows of him: nothing while it is not connected. */
  erp: v.object({}),
})
export type CustomerStory = v.InferOutput<typeof CustomerStory>
