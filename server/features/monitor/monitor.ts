import { inTransaction, type Db } from '../../lib/db.ts'
import {
  countJobs,
  dismissJob,
  findJob,
  pageJobs,
  retryJob,
  type JobsWanted,
} from '../../lib/job-list.ts'
import { cutPage, toPage } from '../../lib/pages.ts'
import type { Audit } from '../audit/audit.ts'
import * as store from './monitor.store.ts'

type Deps = { db: Db; audit: Audit; clock: () => Date }
export type By = { name: string; requestId: string; reason: string }
/** `busy`: it runs just now; `unknown`: it is done, or there never was such a job. */
export type Settled = 'done' | 'busy' | 'unknown'

/**
 * What the machine is at: jobs, callbacks, and what WeCom told of contacts. Owns no table. Woken by admins, who may have a
 * job tried again or dismissed; each such word is in the operation log.
 */
export function createMonitor(deps: Deps) {
  const { db } = deps
  return {
    listJobs: async ({ limit, ...look }: JobsWanted) => {
      const { shown, last } = cutPage(await pageJobs(db, { ...look, limit: limit + 1 }), limit)
      return { items: shown, counts: await countJobs(db), last }
    },
    retry: (id: string, by: By) => settle(deps, { id, by, how: 'retried' }),
    dismiss: (id: string, by: By) => settle(deps, { id, by, how: 'dismissed' }),
    listCallbacks: async (look: Parameters<typeof store.pageCallbacks>[1]) =>
      toPage(await store.pageCallbacks(db, { ...look, limit: look.limit + 1 }), look.limit),
    listEvents: async (look: Parameters<typeof store.pageEvents>[1]) =>
      toPage(await store.pageEvents(db, { ...look, limit: look.limit + 1 }), look.limit),
  }
}
export type Monitor = ReturnType<typeof createMonitor>
export type { ListedJob } from '../../lib/job-list.ts'

type Settling = { id: string; by: By; how: 'retried' | 'dismissed' }

const settle = (deps: Deps, { id, by, how }: Settling): Promise<Settled> =>
  inTransaction(deps, async (tx) => {
    const job = await findJob(tx.db, id)
    if (!job) return 'unknown'
    if (!(await (how === 'retried' ? retryJob : dismissJob)(tx.db, id))) return 'busy'
    const { name, state, attempts, lastError } = job
    await tx.audit.record(tx.db, {
      operator: by.name,
      requestId: by.requestId,
      operation: `job.${how}`,
      target: { type: 'job', id },
      before: { name, state, attempts, lastError },
      after: null,
      reason: by.reason,
      now: tx.clock(),
    })
    return 'done'
  })
