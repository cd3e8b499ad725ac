import type { Schedule } from '../../lib/cron.ts'
import type { Ears } from '../../lib/facts.ts'
import type { Job, Jobs } from '../../lib/jobs.ts'
import type { WecomEvent } from '../../outside/wecom/wecom.event.ts'
import type { BindingEnd, EventCode, Fact, UnboundBy } from '../facts.ts'
import type { Kf } from './kf.ts'
import { pullJob } from './kf.orders.ts'

export const hearKf = (event: WecomEvent): Job[] =>
  event.kind === 'kf-rang' ? [pullJob(event.openKfId, event.token)] : []

const inChat = (
  name: string,
  { fact: _, ...payload }: { fact: string; externalUserId: string; [more: string]: unknown },
): Job => ({ name, payload, queue: `contact:${payload.externalUserId}`, maxAttempts: 8 })

export const kfEars = {
  'binding.code-missed': [(fact) => inChat('kf.tell-missed', fact)],
  'binding.ended': [(fact) => inChat('kf.tell-end', fact)],
  'binding.confirmation-asked': [(fact) => inChat('kf.confirm', fact)],
  'customer.bound': [({ accountId: _, customerId: __, ...fact }) => inChat('kf.tell-tied', fact)],
  'customer.unbound': [({ customerId: _, ...fact }) => inChat('kf.tell-unbound', fact)],
} satisfies Ears<Fact>

export const kfSchedules: Schedule[] = [
  { name: 'kf.catch-up', every: 'minute', job: { name: 'kf.catch-up', payload: {} } },
  { name: 'kf.tidy', every: 'day', job: { name: 'kf.tidy', payload: {} } },
]

export function handleKfJobs(jobs: Pick<Jobs, 'handle'>, kf: Kf): void {
  jobs.handle('kf.catch-up', () => kf.catchUp())
  jobs.handle('kf.tidy', async () => {
    await kf.tidy()
  })
  const chatOf = ({ openKfId, externalUserId }: Record<string, unknown>) => ({
    openKfId: String(openKfId),
    externalUserId: String(externalUserId),
  })
  jobs.handle('kf.pull', ({ openKfId, token }) =>
    kf.pull({ openKfId: String(openKfId), ...(typeof token === 'string' && { token }) }),
  )
  jobs.handle('kf.handle', ({ externalUserId }, run) => kf.handle(String(externalUserId), run))
  jobs.handle('kf.greet', ({ welcomeCode, enteredAt }) =>
    kf.greet({ welcomeCode: String(welcomeCode), enteredAt: new Date(String(enteredAt)) }),
  )
  jobs.handle('kf.tell-missed', ({ sourceId, pausedUntil, ...chat }) =>
    kf.tellMissed(chatOf(chat), {
      sourceId: String(sourceId),
      pausedUntil: typeof pausedUntil === 'string' ? new Date(pausedUntil) : null,
    }),
  )
  jobs.handle('kf.tell-end', (payload) =>
    kf.tellEnd(chatOf(payload), payload['end'] as BindingEnd, String(payload['pendingId'])),
  )
  jobs.handle('kf.confirm', (payload) =>
    kf.confirm(chatOf(payload), {
      pendingId: String(payload['pendingId']),
      ticketId: String(payload['ticketId']),
      event: readEventCode(payload),
    }),
  )
  jobs.handle('kf.ask-unbind', (payload) =>
    kf.askUnbind(chatOf(payload), String(payload['sourceId'])),
  )
  jobs.handle('kf.tell-tied', ({ tieId }) => kf.tellTied(Number(tieId)))
  jobs.handle('kf.tell-unbound', ({ externalUserId, sourceId, by }) =>
    kf.tellUnbound(String(externalUserId), {
      sourceId: String(sourceId),
      by: by as UnboundBy | undefined,
    }),
  )
  jobs.handle('kf.tell-progress', (payload) =>
    kf.tellProgress(chatOf(payload), String(payload['sourceId'])),
  )
  jobs.handle('kf.listen', (payload) =>
    kf.listen(chatOf(payload), {
      sourceId: String(payload['sourceId']),
      sentAt: new Date(String(payload['sentAt'])),
      waits: Number(payload['waits']),
    }),
  )
}

/** An order of the last version does not say until when. */
const readEventCode = ({ eventCode, eventUntil }: Record<string, unknown>): EventCode | null =>
  typeof eventCode === 'string' && typeof eventUntil === 'string'
    ? { code: eventCode, until: new Date(eventUntil) }
    : null
