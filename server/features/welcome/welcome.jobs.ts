import type { Job, Jobs } from '../../lib/jobs.ts'
import type { WecomEvent } from '../../outside/wecom/wecom.event.ts'
import { greetJob } from './welcome.orders.ts'
import type { Added, Welcome } from './welcome.ts'

/** Only an add that carries a welcome code can be greeted. */
export function hearWelcome(event: WecomEvent, { receivedAt }: { receivedAt: Date }): Job[] {
  if (
    event.kind !== 'contact-changed' ||
    event.change !== 'added' ||
    event.welcomeCode === undefined
  )
    return []
  const { welcomeCode, externalUserId, userId } = event
  return [greetJob({ welcomeCode, externalUserId, userId, receivedAt })]
}

export function handleWelcomeJobs(jobs: Pick<Jobs, 'handle'>, welcome: Welcome): void {
  jobs.handle('welcome.greet', ({ receivedAt, ...added }) =>
    welcome.greet({
      ...(added as Omit<Added, 'receivedAt'>),
      receivedAt: new Date(String(receivedAt)),
    }),
  )
}
