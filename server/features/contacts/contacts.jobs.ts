import type { Schedule } from '../../lib/cron.ts'
import type { Ears } from '../../lib/facts.ts'
import type { Job, Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { ContactChanged, WecomEvent } from '../../outside/wecom/wecom.event.ts'
import { queueOf, reconcileJob, refreshContact } from './contacts.orders.ts'
import type { Contacts } from './contacts.ts'

/** After a binding the contact is looked at once more: the event of an earlier add may have been lost. */
export const contactEars = {
  'customer.bound': [({ externalUserId }) => refreshContact(externalUserId)],
} satisfies Ears<Fact>

/** A contact callback wakes two ears: greet (20 s, may expire) and the address book. */
export function hearContacts(event: WecomEvent, { id, receivedAt }: { id: number; receivedAt: Date }): Job[] {
  if (event.kind !== 'contact-changed') return []
  const { welcomeCode, ...change } = event
  const take: Job = { name: 'contacts.take-change', payload: { ...change, at: change.at.toISOString(), callbackId: id }, queue: queueOf(event.externalUserId) }
  if (event.change !== 'added' || welcomeCode === undefined) return [take]
  return [take, { name: 'contacts.greet', payload: { welcomeCode, receivedAt: receivedAt.toISOString() }, maxAttempts: 3 }]
}

export const contactSchedules: Schedule[] = [
  { name: 'contacts.tidy', every: 'day', job: { name: 'contacts.tidy', payload: {} } },
  { name: 'contacts.reconcile', every: 'day', job: reconcileJob },
]

export function handleContactJobs(jobs: Pick<Jobs, 'handle'>, contacts: Contacts): void {
  jobs.handle('contacts.tidy', async () => { await contacts.tidy() })
  jobs.handle('contacts.reconcile', async () => { await contacts.reconcile() })
  jobs.handle('contacts.refresh', ({ externalUserId }) => contacts.refresh(String(externalUserId)))
  jobs.handle('contacts.look-again', ({ externalUserId, look }) => contacts.lookAgain(String(externalUserId), Number(look)))
  jobs.handle('contacts.take-change', ({ callbackId, at, ...change }) =>
    contacts.takeChange({ ...(change as Omit<ContactChanged, 'at'>), at: new Date(String(at)) }, Number(callbackId)))
  jobs.handle('contacts.greet', ({ welcomeCode, receivedAt }) =>
    contacts.greet({ welcomeCode: String(welcomeCode), receivedAt: new Date(String(receivedAt)) }))
}
