import type { Job } from '../../lib/jobs.ts'

/** The orders of this room, so that they are spelled in one place. */
const queueOf = (externalUserId: string): string => `contact:${externalUserId}`

export const pullJob = (openKfId: string, token?: string): Job =>
  ({ name: 'kf.pull', payload: { openKfId, token }, queue: `kf:${openKfId}`, key: `kf.pull:${openKfId}` })

export const handleJob = (externalUserId: string): Job =>
  ({ name: 'kf.handle', payload: { externalUserId }, queue: queueOf(externalUserId), key: `kf.handle:${externalUserId}`, maxAttempts: 8 })

export const greetJob = (welcomeCode: string | undefined, enteredAt: Date): Job[] =>
  welcomeCode === undefined ? [] : [{ name: 'kf.greet', payload: { welcomeCode, enteredAt: enteredAt.toISOString() }, maxAttempts: 2 }]

export const toHumanJob = (chat: { openKfId: string; externalUserId: string }, sourceId: string): Job =>
  ({ name: 'kf.to-human', payload: { ...chat, sourceId }, queue: queueOf(chat.externalUserId), key: `kf.to-human:${chat.externalUserId}`, maxAttempts: 8 })
