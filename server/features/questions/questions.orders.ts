import type { Job } from '../../lib/jobs.ts'

/** An answer that can no longer be taken back is carried out. */
export const takeEffectJob = (id: number, runAt: Date): Job => ({
  name: 'questions.take-effect',
  payload: { id },
  key: `questions.take-effect:${String(id)}`,
  runAt,
})
