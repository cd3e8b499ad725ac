import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import { kfJobs } from './kf.jobs.ts'

/** What other rooms have said in a chat, in order with everything else of this contact: a job each, in the caller's transaction. */
export function createKfChat({ jobs }: { jobs: Pick<Jobs, 'add'> }) {
  return {
    /** The card that asks whether it is really he who binds. */
    askToConfirm: (db: Db, asked: Parameters<typeof kfJobs.confirm.of>[0]) =>
      jobs.add(db, [kfJobs.confirm.of(asked)]),
    /** The digits were no live code; `pausedUntil`: none are looked at before. */
    tellMissed: (db: Db, missed: Parameters<typeof kfJobs.tellMissed.of>[0]) =>
      jobs.add(db, [kfJobs.tellMissed.of(missed)]),
  }
}
export type KfChat = ReturnType<typeof createKfChat>
