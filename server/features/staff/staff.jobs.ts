import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

/** One waiting job is enough: it tells of everything there is. */
const toldTogether = { once: true, maxAttempts: 8 } as const

export const staffJobs = {
  tellWaiting: defineJob({ name: 'staff.tell-waiting', ...toldTogether }),
  tellTies: defineJob({ name: 'staff.tell-ties', ...toldTogether }),
  tellBound: defineJob({
    name: 'staff.tell-bound',
    payload: v.object({ customerId: v.optional(v.number()) }),
    once: ({ customerId }) => customerId ?? 'all',
    maxAttempts: 8,
  }),
  /** He may state his phone in a moment. */
  awaitPhone: defineJob({
    name: 'staff.await-phone',
    payload: v.object({ customerId: v.number() }),
    once: ({ customerId }) => customerId,
  }),
  tellQuestions: defineJob({ name: 'staff.tell-questions', ...toldTogether }),
  /** One question seldom comes alone: they are told of together. */
  gatherQuestions: defineJob({ name: 'staff.gather-questions', once: true }),
  tellUnreached: defineJob({ name: 'staff.tell-unreached', ...toldTogether }),
  tellAdvisors: defineJob({ name: 'staff.tell-advisors', ...toldTogether }),
  endSessions: defineJob({ name: 'staff.end-sessions', payload: v.object({ userId: v.string() }) }),
  tidy: defineJob({ name: 'staff.tidy' }),
}
