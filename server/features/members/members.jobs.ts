import type { Schedule } from '../../lib/cron.ts'
import type { Job, Jobs } from '../../lib/jobs.ts'
import type { WecomEvent } from '../../outside/wecom/wecom.event.ts'
import type { Members } from './members.ts'

/** Who gets a customer is somebody whose name that customer will see. */
export function hearMembers(event: WecomEvent): Job[] {
  if (event.kind !== 'contact-changed' || event.change !== 'added') return []
  return [
    {
      name: 'members.learn',
      payload: { userId: event.userId },
      key: `members.learn:${event.userId}`,
    },
  ]
}

export const memberSchedules: Schedule[] = [
  { name: 'members.refresh-due', every: 'hour', job: { name: 'members.refresh-due', payload: {} } },
]

export function handleMemberJobs(
  jobs: Pick<Jobs, 'handle'>,
  members: Pick<Members, 'learn' | 'refreshDue'>,
): void {
  jobs.handle('members.learn', ({ userId }) => members.learn(String(userId)))
  jobs.handle('members.refresh-due', () => members.refreshDue())
}
