import type { Schedule } from '../../lib/cron.ts'
import type { Ears } from '../../lib/facts.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { Notices } from './notices.ts'
import type { StaffSignIn } from './sign-in.ts'
import {
  gatherQuestionsJob,
  tellQuestionsJob,
  tellTiesJob,
  tellWaitingJob,
} from './staff.orders.ts'

export const staffEars = {
  'binding.phone-claimed': [() => tellWaitingJob()],
  'customer.bound': [() => tellTiesJob()],
  'customer.unbound': [() => tellTiesJob()],
  'number.asked': [() => gatherQuestionsJob()],
  'member.left': [({ userId }) => ({ name: 'staff.end-sessions', payload: { userId } })],
} satisfies Ears<Fact>

export const staffSchedules: Schedule[] = [
  { name: 'staff.tidy', every: 'day', job: { name: 'staff.tidy', payload: {} } },
  { name: 'staff.tell-questions', every: 'hour', job: tellQuestionsJob() },
]

export function handleStaffJobs(
  jobs: Pick<Jobs, 'handle'>,
  { notices, signIn }: { notices: Notices; signIn: Pick<StaffSignIn, 'tidy' | 'endAllOf'> },
): void {
  jobs.handle('staff.tell-waiting', () => notices.tellWaiting())
  jobs.handle('staff.tell-ties', () => notices.tellTies())
  jobs.handle('staff.gather-questions', () => notices.gatherQuestions())
  jobs.handle('staff.tell-questions', () => notices.tellQuestions())
  jobs.handle('staff.end-sessions', async ({ userId }) => {
    await signIn.endAllOf(String(userId))
  })
  jobs.handle('staff.tidy', async () => {
    await signIn.tidy()
  })
}
