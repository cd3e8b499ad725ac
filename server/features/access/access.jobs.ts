import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const accessJobs = {
  endRole: defineJob({
    name: 'access.end-role',
    payload: v.object({ userId: v.string() }),
  }),
}
