import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const mediaJobs = {
  /** Takes the files of pictures away that nobody may get any more, then their rows. */
  discard: defineJob({ name: 'media.discard', payload: v.object({ ids: v.array(v.string()) }) }),
  /** Pictures that came to belong to nothing, and what was left of those that were taken away. */
  tidy: defineJob({ name: 'media.tidy' }),
  /** Files without a picture: of an upload, or an erasure, that was killed. */
  sweep: defineJob({ name: 'media.sweep' }),
}
