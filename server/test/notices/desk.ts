import type { ProjectDetail } from '../../../shared/api/projects.ts'
import { SANDBOX_DEFAULTS } from '../../features/settings/settings.rules.ts'
import { createNotices } from '../../features/notices/notices.ts'
import { createJobs } from '../../lib/jobs.ts'
import type { Db } from '../../lib/db.ts'
import type { QuietHours } from '../../lib/quiet-hours.ts'
import type { Log } from '../../lib/log.ts'
import type { FakeWeixin, Pushed } from './weixin.ts'

/** What somebody can be told here, and by which template. */
const TEMPLATES = {
  stage: 'tpl-stage',
  advisor_action: 'tpl-new-customer',
  booking_state: 'tpl-booking-state',
} as const
export type Kind = keyof typeof TEMPLATES
export const KINDS = Object.keys(TEMPLATES) as Kind[]
const STAGE = '安装'

/** Everybody is an advisor of his own, who is called so by number. */
const advisorOf = (accountId: number) => ({
  advisorId: String(accountId),
  name: '张三',
  active: true,
  accountId,
  memberUserId: 'zhangsan',
})
const neighbours: Pick<Deps, 'advisors' | 'leads' | 'bookings'> = {
  advisors: {
    find: (advisorId: string) => Promise.resolve(advisorOf(Number(advisorId))),
    findOf: (accountId: number) => Promise.resolve(advisorOf(accountId)),
  } as unknown as Deps['advisors'],
  leads: {
    findAction: (actionId) =>
      Promise.resolve({
        actionId,
        advisorId: String(Number(actionId.slice(-12))),
        accountId: 0,
        actionType: 'contact_advisor',
        isNew: true,
        customerName: '王小明',
        leadId: null,
        lastAt: new Date(0),
      }),
  },
  bookings: {
    findOfAction: () => Promise.resolve(undefined),
    findMove: (moveId) =>
      Promise.resolve({
        bookingId: `b${String(moveId)}`,
        moveId,
        advisorId: '1',
        accountId: 0,
        state: 'confirmed',
        current: 'confirmed',
        by: 'advisor',
        day: '2026-06-01',
        part: 'morning',
        service: '量尺',
        customerName: '王小明',
        leadId: null,
        actionId: null,
      }),
  },
}

type Deps = Parameters<typeof createNotices>[0]
type Given = {
  db: Db
  connectionString: string
  weixin: FakeWeixin
  /** What was said in the chat, each thing once whoever says it; null: nothing may be. */
  chat: Set<string> | null
  hasPush: boolean
  staffQuiet?: QuietHours
  clock: () => Date
  log: Log
  /** Passed before and after each call of a platform. */
  reach?: () => Promise<void>
}

/** The room as one process has it, beside a WeChat of the test. */
export function openDesk({
  db,
  connectionString,
  weixin,
  chat,
  hasPush,
  clock,
  log,
  ...at
}: Given) {
  const reach = at.reach ?? (() => Promise.resolve())
  const passing = async <T>(act: () => Promise<T>): Promise<T> => {
    await reach()
    const answer = await act()
    await reach()
    return answer
  }
  const say = (subject: string) => {
    if (chat === null) return { kind: 'closed' as const }
    if (chat.has(subject)) return { kind: 'refused' as const, reason: 'other' as const }
    chat.add(subject)
    return { kind: 'sent' as const }
  }
  const notices = createNotices({
    db,
    platforms: {
      subscribe: {
        send: (message) => passing(() => weixin.send(message)),
        listTemplates: () => Promise.resolve([]),
      },
    },
    jobs: createJobs({ db, connectionString, log }),
    facts: { publish: () => Promise.resolve() },
    settings: { read: () => Promise.resolve(SANDBOX_DEFAULTS) },
    projects: {
      findFor: (_, id) =>
        Promise.resolve({
          id,
          title: '全屋定制',
          stages: [{ name: STAGE, status: 'active' }],
        } as unknown as ProjectDetail),
    },
    ...neighbours,
    kf: { tellNews: ({ subject }) => passing(() => Promise.resolve(say(subject))) },
    official: null,
    hasPush,
    staffQuiet: at.staffQuiet ?? null,
    timeZone: 'Asia/Shanghai',
    clock,
    log,
  })
  return { ...notices, hear: (pushed: Pushed) => hear(notices, pushed) }
}
export type Desk = ReturnType<typeof openDesk>

const hear = (notices: ReturnType<typeof createNotices>, pushed: Pushed): Promise<void> => {
  if (pushed.kind === 'asked') return notices.noteAsked(pushed)
  if (pushed.kind === 'off') return notices.noteTurnedOff(pushed)
  return notices.noteReceipts(pushed)
}

let next = 0

/** Somebody with the mini-program who is tied to a contact, and his order; `kind`: what he will be told of. */
export async function createCustomer(db: Db, kind: Kind = 'stage') {
  next += 1
  const openid = `o${String(next)}`
  const at = new Date(0)
  // As a replica Postgres checks no foreign keys: what proved the tie is of no interest here.
  return db.transaction(async (tx) => {
    await tx.raw(`set local session_replication_role = 'replica'`)
    const [account] = await tx('accounts').insert({ app: 'miniprogram', openid }).returning('id')
    const [customer] = await tx('customers')
      .insert({ wework_userid: `wm${String(next)}`, binding_status: 'bound' })
      .returning('id')
    await tx('customer_accounts').insert({
      customer_id: customer.id,
      account_id: account.id,
      app: 'miniprogram',
      external_userid: `wm${String(next)}`,
      evidence_id: 0,
      tied_at: at,
    })
    const [project] = await tx('projects')
      .insert({
        order_no: `SO-${String(next)}`,
        title: '全屋定制',
        status: '进行中',
        content_hash: Buffer.alloc(32),
        updated_at: at,
      })
      .returning('id')
    return {
      kind,
      templateId: TEMPLATES[kind],
      openid,
      accountId: account.id as number,
      projectId: project.id as string,
    }
  })
}
export type Customer = Awaited<ReturnType<typeof createCustomer>>

/** Something to tell him; nobody has begun to. */
export async function orderNotice(
  db: Db,
  { kind, accountId, projectId }: Customer,
  now: Date,
): Promise<{ noticeId: number; accountId: number }> {
  next += 1
  const about = {
    stage: { project_id: projectId, stage: STAGE },
    advisor_action: { action_id: toActionId(accountId) },
    booking_state: { move_id: next },
  }[kind]
  const subject = `${kind}:${String(next)}`
  return db.transaction(async (tx) => {
    await tx.raw(`set local session_replication_role = 'replica'`)
    const [notice] = await tx('notices')
      .insert({ kind, subject, account_id: accountId, ordered_at: now, ...about })
      .returning('id')
    return { noticeId: notice.id as number, accountId }
  })
}

/** An action of whoever is the advisor of this account. */
export const toActionId = (accountId: number): string =>
  `00000000-0000-4000-8000-${String(accountId).padStart(12, '0')}`

export const leftOf = async (desk: Desk, { accountId, templateId }: Customer): Promise<number> =>
  (await desk.listFor(accountId)).find((offered) => offered.templateId === templateId)!.remaining

const RUN = { attempt: 1, lastAttempt: false }
type Waiting = { id: number; name: string; payload: { noticeId: number; accountId: number } }

/** Does what waits in the lanes, whatever its time; a job that fails stays. */
export async function workOff(db: Db, desk: Desk, which = '%'): Promise<number> {
  const waiting = await db('lane_jobs').whereLike('name', which).orderBy('id').select<Waiting[]>()
  for (const { id, name, payload } of waiting) {
    await (name === 'notices.send' ? desk.send : desk.resolve)(payload, RUN)
    await db('lane_jobs').where({ id }).delete()
  }
  return waiting.length
}
