import type { Job } from '../../lib/jobs.ts'

/** The orders of this room, so that they are spelled in one place. */
export const queueOf = (externalUserId: string): string => `contact:${externalUserId}`

/** Looks at a contact again, in order with everything else about it. */
export const refreshContact = (externalUserId: string): Job =>
  ({ name: 'contacts.refresh', payload: { externalUserId }, queue: queueOf(externalUserId), key: `contacts.refresh:${externalUserId}` })

/** Noting a phone later rings no bell: we look by ourselves (D6). */
export const lookAgainJob = (externalUserId: string, look: number, runAt: Date): Job =>
  ({ name: 'contacts.look-again', payload: { externalUserId, look }, queue: queueOf(externalUserId), key: `contacts.look-again:${externalUserId}`, runAt })

export const reconcileJob: Job = { name: 'contacts.reconcile', payload: {}, key: 'contacts.reconcile', maxAttempts: 6 }
