import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const questionJobs = {
  /** An answer that can no longer be taken back is carried out. */
  takeEffect: defineJob({
    name: 'questions.take-effect',
    payload: v.object({ id: v.number() }),
    once: ({ id }) => id,
  }),
  sweep: defineJob({ name: 'questions.sweep' }),
  followUp: defineJob({ name: 'questions.follow-up' }),
}
