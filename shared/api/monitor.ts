import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { PageQuery } from './projects.ts'
import { ExternalUserId, Reason } from './remedies.ts'

const JobState = v.picklist(
  ['running', 'failed', 'retrying', 'waiting'],
  '须为 running、failed、retrying 或 waiting',
)
const Job = v.object({
  id: v.string(),
  name: v.string(),
  state: JobState,
  attempts: v.number(),
  maxAttempts: v.number(),
  runAt: InstantOut,
  createdAt: InstantOut,
  /** Phones in it are masked. */
  lastError: v.optional(v.string()),
})
export type Job = v.InferOutput<typeof Job>
export const JobQuery = v.strictObject({
  ...PageQuery.entries,
  state: v.optional(JobState),
})
/** `failed`: nobody tries them any more. */
export const Jobs = v.object({
  items: v.array(Job),
  counts: v.object({
    running: v.number(),
    failed: v.number(),
    retrying: v.number(),
    waiting: v.number(),
    oldestDueAt: v.optional(InstantOut),
  }),
  nextCursor: v.optional(v.string()),
})
export const JobPath = v.object({
  id: v.pipe(v.string(), v.regex(/^(?:runner|lane)-\d{1,15}$/, '任务编号格式不正确')),
})
export const JobReason = v.strictObject({ reason: Reason })
export const JobDone = v.object({ id: v.string() })

export const CallbackQuery = v.strictObject({
  ...PageQuery.entries,
  state: v.optional(v.picklist(['waiting', 'aside'], '须为 waiting 或 aside')),
})
const Callback = v.object({
  id: v.number(),
  source: v.string(),
  receivedAt: InstantOut,
  drainedAt: v.optional(InstantOut),
  /** Why nobody could make anything of it. */
  setAside: v.optional(v.string()),
})
export const Callbacks = v.object({
  items: v.array(Callback),
  nextCursor: v.optional(v.string()),
})

export const EventQuery = v.strictObject({
  ...PageQuery.entries,
  externalUserId: v.optional(ExternalUserId),
})
const Event = v.object({
  id: v.number(),
  type: v.string(),
  externalUserId: v.string(),
  userid: v.string(),
  addWay: v.optional(v.number()),
  phoneMasked: v.optional(v.string()),
  followedAt: v.optional(InstantOut),
  createdAt: InstantOut,
})
export const Events = v.object({
  items: v.array(Event),
  nextCursor: v.optional(v.string()),
})
