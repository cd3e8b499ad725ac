import { runJobsNow } from './job-desk.ts'
import type { Town } from './town.ts'

/** Ten seconds pass for the server: what people have answered counts. Its clock is right again afterwards, or callbacks would come from another time. */
export async function tenSecondsPass({ clock, db, settle }: Town): Promise<void> {
  clock.advance(10_001)
  await runJobsNow(db, 'questions.take-effect')
  await settle()
  clock.advance(-10_001)
}
