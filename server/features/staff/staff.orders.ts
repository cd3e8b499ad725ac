import type { Job } from '../../lib/jobs.ts'

/** The orders of this room, so that they are spelled in one place. One waiting order is enough: it tells of all claims. */
export const tellWaitingJob = (runAt?: Date): Job => ({
  name: 'staff.tell-waiting',
  payload: {},
  key: 'staff.tell-waiting',
  maxAttempts: 8,
  ...(runAt && { runAt }),
})

/** The same for questions about numbers. */
export const tellQuestionsJob = (runAt?: Date): Job => ({
  name: 'staff.tell-questions',
  payload: {},
  key: 'staff.tell-questions',
  maxAttempts: 8,
  ...(runAt && { runAt }),
})

/** One question seldom comes alone: they are told of together. */
export const gatherQuestionsJob = (): Job => ({
  name: 'staff.gather-questions',
  payload: {},
  key: 'staff.gather-questions',
})

/** The same for ties that nobody was told about. */
export const tellTiesJob = (runAt?: Date): Job => ({
  name: 'staff.tell-ties',
  payload: {},
  key: 'staff.tell-ties',
  maxAttempts: 8,
  ...(runAt && { runAt }),
})
