import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { mediaJobs } from './media.jobs.ts'
import { createMediaRoutes } from './media.routes.ts'
import type { Media } from './media.ts'

export const mediaRoom = (media: Media): Room => ({
  tag: 'media',
  routes: createMediaRoutes(media),
  handlers: handle(mediaJobs, {
    discard: ({ ids }) => media.discard(ids),
    tidy: () => media.tidy(),
    sweep: () => media.sweep(),
  }),
  schedules: [
    { every: 'hour', job: mediaJobs.tidy.of() },
    { every: 'day', job: mediaJobs.sweep.of() },
  ],
})
