import type { Schedule } from '../../lib/cron.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { OrderClaims } from './order-claims.ts'
import type { Questions } from './questions.ts'

export const questionSchedules: Schedule[] = [
  { name: 'questions.sweep', every: 'minute', job: { name: 'questions.sweep', payload: {} } },
  { name: 'questions.follow-up', every: 'day', job: { name: 'questions.follow-up', payload: {} } },
]

export function handleQuestionJobs(
  jobs: Pick<Jobs, 'handle'>,
  {
    questions,
    orderClaims,
  }: {
    questions: Pick<Questions, 'takeEffect' | 'sweep'>
    orderClaims: Pick<OrderClaims, 'followUp'>
  },
): void {
  jobs.handle('questions.take-effect', ({ id }) => questions.takeEffect(Number(id)))
  jobs.handle('questions.sweep', () => questions.sweep())
  jobs.handle('questions.follow-up', () => orderClaims.followUp())
}
