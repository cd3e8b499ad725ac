import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import type { OrderClaims } from './order-claims.ts'
import { questionJobs } from './questions.jobs.ts'
import { createQuestionRoutes } from './questions.routes.ts'
import type { Questions } from './questions.ts'

export const questionsRoom = (questions: Questions, claims: OrderClaims): Room => ({
  tag: 'questions',
  routes: createQuestionRoutes({ questions, claims }),
  handlers: handle(questionJobs, {
    takeEffect: ({ id }) => questions.takeEffect(id),
    sweep: () => questions.sweep(),
    followUp: () => claims.followUp(),
  }),
  schedules: [
    { every: 'minute', job: questionJobs.sweep.of() },
    { every: 'day', job: questionJobs.followUp.of() },
  ],
})
