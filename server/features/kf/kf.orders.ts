import type { Job } from '../../lib/jobs.ts'

/** The orders of this room, so that they are spelled in one place. */
type Chat = { openKfId: string; externalUserId: string }
const queueOf = (externalUserId: string): string => `contact:${externalUserId}`

export const pullJob = (openKfId: string, token?: string): Job => ({
  name: 'kf.pull',
  payload: { openKfId, token },
  queue: `kf:${openKfId}`,
  key: `kf.pull:${openKfId}`,
})

export const handleJob = (externalUserId: string): Job => ({
  name: 'kf.handle',
  payload: { externalUserId },
  queue: queueOf(externalUserId),
  key: `kf.handle:${externalUserId}`,
  maxAttempts: 8,
})

export const greetJob = (welcomeCode: string | undefined, enteredAt: Date): Job[] =>
  welcomeCode === undefined
    ? []
    : [
        {
          name: 'kf.greet',
          payload: { welcomeCode, enteredAt: enteredAt.toISOString() },
          maxAttempts: 2,
        },
      ]

/** An answer in a chat, in order with everything else of this contact. */
export const chatJob = (
  name: 'kf.ask-unbind' | 'kf.tell-progress',
  chat: Chat,
  sourceId: string,
): Job => ({
  name,
  payload: { ...chat, sourceId },
  queue: queueOf(chat.externalUserId),
  maxAttempts: 8,
})

/** Words that are not for us. `runAt`: later, so that a confirmation can still be sent before a human takes the chat. */
export const listenJob = (
  chat: Chat,
  said: { sourceId: string; sentAt: Date; waits?: number },
  runAt?: Date,
): Job => ({
  name: 'kf.listen',
  payload: {
    ...chat,
    sourceId: said.sourceId,
    sentAt: said.sentAt.toISOString(),
    waits: said.waits ?? 0,
  },
  queue: queueOf(chat.externalUserId),
  key: `kf.listen:${chat.externalUserId}`,
  maxAttempts: 8,
  ...(runAt && { runAt }),
})
