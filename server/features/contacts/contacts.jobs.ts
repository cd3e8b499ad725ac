import * as v from 'valibot'
import { defineJob, instant, word } from '../../lib/job-kinds.ts'
import type { ContactChanged } from '../../outside/wecom/wecom.event.ts'
import { perContact } from '../queues.ts'

const externalUserId = v.string()

export const contactJobs = {
  /** Looks at a contact again. */
  refresh: defineJob({
    name: 'contacts.refresh',
    payload: v.object({ externalUserId }),
    lane: perContact,
    once: (contact) => contact.externalUserId,
  }),
  /**
   * Noting a phone later rings no bell, nor does an add that comes into sight later: we look by ourselves (D6).
   * `userId` and `at`: the add that WeCom has told of, and does not show.
   */
  lookAgain: defineJob({
    name: 'contacts.look-again',
    payload: v.object({
      externalUserId,
      look: v.number(),
      userId: v.optional(v.string()),
      at: v.optional(instant),
    }),
    lane: perContact,
    once: (look) => [look.externalUserId, ...(look.userId ? [look.userId] : [])].join(':'),
  }),
  takeChange: defineJob({
    name: 'contacts.take-change',
    payload: v.object({
      callbackId: v.number(),
      kind: v.literal('contact-changed'),
      change: word<ContactChanged['change']>(),
      userId: v.string(),
      externalUserId,
      state: v.exactOptional(v.string()),
      source: v.exactOptional(v.string()),
      at: instant,
    }),
    lane: perContact,
  }),
  reconcile: defineJob({ name: 'contacts.reconcile', once: true, maxAttempts: 6 }),
  tidy: defineJob({ name: 'contacts.tidy' }),
}
