import type { Job } from '../../lib/jobs.ts'

/** The orders of this room, so that they are spelled in one place. */
export const queueOf = (externalUserId: string): string => `contact:${externalUserId}`

/** Looks at a contact again, in order with everything else about it. */
export const refreshContact = (externalUserId: string): Job => ({
  name: 'contacts.refresh',
  payload: { externalUserId },
  queue: queueOf(externalUserId),
  key: `contacts.refresh:${externalUserId}`,
})

/** An add that WeCom has told of, and does not show. */
export type Unseen = { userId: string; at: Date }
export type Look = { externalUserId: string; look: number; unseen?: Unseen | undefined }

/** Noting a phone later rings no bell, nor does an add that comes into sight later: we look by ourselves (D6). */
export const lookAgainJob = ({ externalUserId, look, unseen }: Look, runAt: Date): Job => ({
  name: 'contacts.look-again',
  queue: queueOf(externalUserId),
  runAt,
  payload: {
    externalUserId,
    look,
    ...(unseen && { userId: unseen.userId, at: unseen.at.toISOString() }),
  },
  key: `contacts.look-again:${externalUserId}${unseen ? `:${unseen.userId}` : ''}`,
})

export const reconcileJob: Job = {
  name: 'contacts.reconcile',
  payload: {},
  key: 'contacts.reconcile',
  maxAttempts: 6,
}
