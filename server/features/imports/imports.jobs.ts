import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const importJobs = {
  /** Loads some rows of an import, then orders itself for the next ones; one import after the other. */
  work: defineJob({
    name: 'imports.work',
    payload: v.object({ id: v.number() }),
    queue: () => 'imports',
    once: ({ id }) => id,
  }),
  tidy: defineJob({ name: 'imports.tidy' }),
}
