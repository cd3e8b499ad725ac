import {
  CallbackQuery,
  Callbacks,
  EventQuery,
  Events,
  JobDone,
  JobPath,
  JobQuery,
  JobReason,
  Jobs,
} from '../../../shared/api/monitor.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Refusals } from '../../http/errors.ts'
import { BAD_CURSOR, readMark, route, toMark, type Route } from '../../http/route.ts'
import { maskText } from '../../lib/log.ts'
import { present } from '../../lib/present.ts'
import { readJobMark, toJobMark } from './monitor.rules.ts'
import type { ListedJob, Monitor } from './monitor.ts'

const DEFAULT_LIMIT = 50

export const createMonitorRoutes = (monitor: Monitor): Route[] => [
  createJobListRoute(monitor),
  createSettlingRoute('retry', '已重新安排', monitor.retry),
  createSettlingRoute('dismiss', '已取消', monitor.dismiss),
  ...createReadingRoutes(monitor),
]

const createJobListRoute = (monitor: Monitor): Route =>
  route(
    {
      method: 'get',
      path: '/api/admin/jobs',
      who: 'viewer',
      summary:
        'Work that is not done yet: what failed for good first, then what has waited longest',
      query: JobQuery,
      data: Jobs,
      refusals: { bad_cursor: BAD_CURSOR },
    },
    async ({ query: { cursor, state = null, limit = DEFAULT_LIMIT } }) => {
      const after = cursor === undefined ? null : readJobMark(cursor)
      if (cursor !== undefined && after === null) return { refused: 'bad_cursor' }
      const { items, counts, last } = await monitor.listJobs({ state, after, limit })
      return {
        data: {
          items: items.map(presentJob),
          counts: present(counts),
          ...(last && { nextCursor: toJobMark(last) }),
        },
      }
    },
  )

const presentJob = ({ lastError, ...job }: ListedJob) => ({
  ...present(job),
  ...(lastError !== null && { lastError: maskText(lastError) }),
})

const NOT_SETTLED = {
  unknown: [404, 'jobs.unknown', '没有这个任务，它可能已经完成'],
  busy: [409, 'jobs.busy', '这个任务正在执行，请稍后再试'],
} satisfies Refusals

function createSettlingRoute(
  verb: 'retry' | 'dismiss',
  message: string,
  act: Monitor['retry'],
): Route {
  return route(
    {
      method: 'post',
      path: `/api/admin/jobs/:id/${verb}`,
      who: 'operator',
      summary: verb === 'retry' ? 'Try a job again now' : 'A job is never to be done',
      params: JobPath,
      body: JobReason,
      data: JobDone,
      refusals: NOT_SETTLED,
    },
    async ({ caller, params: { id }, body: { reason }, requestId }) => {
      const settled = await act(id, { name: caller.name, requestId, reason })
      return settled === 'done' ? { data: { id }, message } : { refused: settled }
    },
  )
}

function createReadingRoutes(monitor: Monitor): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/admin/callbacks',
        who: 'viewer',
        summary: 'What the platforms have told, the newest first; not what was in it',
        query: CallbackQuery,
        data: Callbacks,
      },
      async ({ query: { cursor, limit = DEFAULT_LIMIT, state = null } }) => {
        const { items, next } = await monitor.listCallbacks({
          state,
          before: readMark(cursor),
          limit,
        })
        return { data: { items: items.map(present), ...toMark(next) } }
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/admin/events',
        who: 'viewer',
        summary: 'Adds, deletions and transfers of contacts, the newest first',
        query: EventQuery,
        data: Events,
      },
      async ({ query: { cursor, limit = DEFAULT_LIMIT, externalUserId } }) => {
        const { items, next } = await monitor.listEvents({
          externalUserId,
          before: readMark(cursor),
          limit,
        })
        return {
          data: {
            items: items.map(({ phone, ...event }) => ({
              ...present(event),
              ...(phone !== null && { phoneMasked: maskPhone(phone) }),
            })),
            ...toMark(next),
          },
        }
      },
    ),
  ]
}
