import { handle } from '../../lib/job-kinds.ts'
import type { OnPlatformEvent, Room } from '../room.ts'
import { contactJobs } from './contacts.jobs.ts'
import { createContactRoutes } from './contacts.routes.ts'
import type { Contacts } from './contacts.ts'

export const contactsRoom = (contacts: Contacts): Room => ({
  tag: 'contacts',
  routes: createContactRoutes(contacts),
  listeners: {
    // The event of an earlier add may have been lost.
    'customer.bound': [({ externalUserId }) => contactJobs.refresh.of({ externalUserId })],
    // Whose remark names a number that was given up may have it now.
    'number.free': [(contact) => contactJobs.refresh.of(contact)],
  },
  onPlatformEvent,
  handlers: handle(contactJobs, {
    refresh: ({ externalUserId }) => contacts.refresh(externalUserId),
    lookAgain: ({ externalUserId, look, userId, at }) =>
      contacts.lookAgain({
        externalUserId,
        look,
        ...(userId !== undefined && at && { unseen: { userId, at } }),
      }),
    takeChange: ({ callbackId, ...change }) => contacts.takeChange(change, callbackId),
    reconcile: () => contacts.reconcile(),
    tidy: () => contacts.tidy(),
  }),
  schedules: [
    { every: 'day', job: contactJobs.tidy.of() },
    { every: 'day', job: contactJobs.reconcile.of() },
  ],
})

const onPlatformEvent: OnPlatformEvent = (event, { id }) => {
  if (event.kind !== 'contact-changed') return []
  const { welcomeCode: _, ...change } = event
  return [contactJobs.takeChange.of({ ...change, callbackId: id })]
}
