import { handle } from '../../lib/job-kinds.ts'
import type { OnPlatformEvent, Room } from '../room.ts'
import { welcomeJobs } from './welcome.jobs.ts'
import type { Welcome } from './welcome.ts'

export const welcomeRoom = (welcome: Welcome): Room => ({
  onPlatformEvent,
  handlers: handle(welcomeJobs, { greet: (added, run) => welcome.greet(added, run) }),
})

/** Only an add that carries a welcome code can be greeted. */
const onPlatformEvent: OnPlatformEvent = (event, { receivedAt }) => {
  if (
    event.kind !== 'contact-changed' ||
    event.change !== 'added' ||
    event.welcomeCode === undefined
  )
    return []
  const { welcomeCode, externalUserId, userId } = event
  return [welcomeJobs.greet.of({ welcomeCode, externalUserId, userId, receivedAt })]
}
