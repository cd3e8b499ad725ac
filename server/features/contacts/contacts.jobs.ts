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
  // Whose remark names a number that was given up may have it now.
  'number.free': [({ externalUserId }) => refreshContact(externalUserId)],
} satisfies Ears<Fact>

/** A change of a contact wakes the address book. */
export function hearContacts(event: WecomEvent, { id }: { id: number }): Job[] {
  if (event.kind !== 'contact-changed') return []
  const { welcomeCode: _, ...change } = event
  return [
    {
      name: 'contacts.take-change',
      payload: { ...change, at: change.at.toISOString(), callbackId: id },
      queue: queueOf(event.externalUserId),
    },
  ]
}

export const contactSchedules: Schedule[] = [
  { name: 'contacts.tidy', every: 'day', job: { name: 'contacts.tidy', payload: {} } },
  { name: 'contacts.reconcile', every: 'day', job: reconcileJob },
]

export function handleContactJobs(jobs: Pick<Jobs, 'handle'>, contacts: Contacts): void {
  jobs.handle('contacts.tidy', async () => {
    await contacts.tidy()
  })
  jobs.handle('contacts.reconcile', async () => {
    await contacts.reconcile()
  })
  jobs.handle('contacts.refresh', async ({ externalUserId }) => {
    await contacts.refresh(String(externalUserId))
  })
  jobs.handle('contacts.look-again', ({ externalUserId, look, userId, at }) =>
    contacts.lookAgain({
      externalUserId: String(externalUserId),
      look: Number(look),
      ...(typeof userId === 'string' && { unseen: { userId, at: new Date(String(at)) } }),
    }),
  )
  jobs.handle('contacts.take-change', ({ callbackId, at, ...change }) =>
    contacts.takeChange(
      { ...(change as Omit<ContactChanged, 'at'>), at: new Date(String(at)) },
      Number(callbackId),
    ),
  )
}
