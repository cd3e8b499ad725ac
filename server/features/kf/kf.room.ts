import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { kfJobs } from './kf.jobs.ts'
import type { Kf } from './kf.ts'

export const kfRoom = (kf: Kf): Room => ({
  listeners: {
    'binding.ended': [(ended) => kfJobs.tellEnd.of(ended)],
    'customer.bound': [
      ({ externalUserId, tieId }) => kfJobs.tellTied.of({ externalUserId, tieId }),
    ],
    'customer.unbound': [(unbound) => kfJobs.tellUnbound.of(unbound)],
  },
  onPlatformEvent: (event) => (event.kind === 'kf-rang' ? [kfJobs.pull.of(event)] : []),
  handlers: handle(kfJobs, {
    pull: (ring) => kf.pull(ring),
    catchUp: () => kf.catchUp(),
    tidy: () => kf.tidy(),
    handle: ({ externalUserId }, run) => kf.handle(externalUserId, run),
    greet: (entered) => kf.greet(entered),
    confirm: ({ eventCode, eventUntil, pendingId, ticketId, ...chat }) =>
      kf.confirm(chat, {
        pendingId,
        ticketId,
        event:
          eventCode === null || eventUntil === null ? null : { code: eventCode, until: eventUntil },
      }),
    tellMissed: ({ sourceId, pausedUntil, ...chat }) =>
      kf.tellMissed(chat, { sourceId, pausedUntil }),
    tellEnd: ({ end, pendingId, ...chat }) => kf.tellEnd(chat, end, pendingId),
    tellOver: ({ sourceId, ...chat }) => kf.tellOver(chat, sourceId),
    tellTied: ({ tieId }) => kf.tellTied(tieId),
    tellUnbound: ({ externalUserId, ...unbound }) => kf.tellUnbound(externalUserId, unbound),
    tellKept: ({ sourceId, ...chat }) => kf.tellKept(chat, sourceId),
    askUnbind: ({ sourceId, ...chat }) => kf.askUnbind(chat, sourceId),
    tellProgress: ({ sourceId, about, ...chat }) => kf.tellProjects(chat, { sourceId, about }),
    listen: ({ sourceId, sentAt, waits, ...chat }) => kf.listen(chat, { sourceId, sentAt, waits }),
  }),
  schedules: [
    // A lost ring loses no message.
    { every: 'minute', job: kfJobs.catchUp.of() },
    { every: 'day', job: kfJobs.tidy.of() },
  ],
})
