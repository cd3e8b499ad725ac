import type { Db } from '../../lib/db.ts'
import type { Receipt } from '../../outside/weixin/miniprogram.push.ts'

export type Way = 'subscribe' | 'kf' | 'official' | 'staff'
export type Outcome = 'sent' | 'presumed' | 'refused' | 'unknown'

type Of = {
  id: number
  subject: string
  state: 'waiting' | 'unknown' | 'told' | 'dropped' | 'failed'
  orderedAt: Date
}
/** Who is told, and where his account is. */
type To = { accountId: number; app: 'miniprogram' | 'official'; openid: string }
/** An advisor may have had no account when it was ordered. */
type ToAdvisor = { [Key in keyof To]: To[Key] | null }

export type Notice = Of &
  (
    | (To & { kind: 'stage'; projectId: string; stage: string })
    | (To & { kind: 'message' })
    | (To & { kind: 'booking_state'; moveId: number })
    | (ToAdvisor & { kind: 'advisor_action'; actionId: string })
    | (ToAdvisor & { kind: 'advisor_booking'; moveId: number })
  )
export type NoticeOf<Name extends Notice['kind']> = Extract<Notice, { kind: Name }>

export const findNotice = (db: Db, id: number) =>
  db('notices as n')
    .leftJoin('accounts as a', 'a.id', 'n.account_id')
    .where('n.id', id)
    .select({
      id: 'n.id',
      kind: 'n.kind',
      subject: 'n.subject',
      accountId: 'n.account_id',
      app: 'a.app',
      openid: 'a.openid',
      projectId: 'n.project_id',
      stage: 'n.stage',
      actionId: 'n.action_id',
      moveId: 'n.move_id',
      state: 'n.state',
      orderedAt: 'n.ordered_at',
    })
    .first<Notice | undefined>()

export type NewNotice = {
  kind: Notice['kind']
  subject: string
  accountId: number | null
  projectId?: string
  stage?: string
  actionId?: string
  moveId?: number
}

/** Those that are new: each thing is told once to each account, and of an advisor's once at all. */
export async function insertNotices(
  db: Db,
  { notices, now }: { notices: readonly NewNotice[]; now: Date },
): Promise<{ id: number; accountId: number | null }[]> {
  if (notices.length === 0) return []
  return db('notices')
    .insert(
      notices.map(({ kind, subject, accountId, ...about }) => ({
        kind,
        subject,
        account_id: accountId,
        project_id: about.projectId ?? null,
        stage: about.stage ?? null,
        action_id: about.actionId ?? null,
        move_id: about.moveId ?? null,
        ordered_at: now,
      })),
    )
    .onConflict()
    .ignore()
    .returning<{ id: number; accountId: number | null }[]>([
      'id',
      db.ref('account_id').as('accountId'),
    ])
}

type Named = { noticeId: number; way: Way }
type Taking = Named & {
  target: string
  /** null: members are told of several together, later. */
  takenAt: Date | null
  consentId?: number
  templateId?: string
}

/** Takes a way; false when it was taken before, or reaches somebody who was reached by it already. */
export async function takeWay(
  db: Db,
  { noticeId, way, target, takenAt, consentId, templateId }: Taking,
): Promise<boolean> {
  const taken = await db('notice_sendings')
    .insert({
      notice_id: noticeId,
      way,
      target,
      taken_at: takenAt,
      consent_id: consentId ?? null,
      template_id: templateId ?? null,
    })
    .onConflict()
    .ignore()
    .returning('way')
  return taken.length > 0
}

export type Sending = {
  outcome: Outcome | null
  takenAt: Date
  tries: number
  consentId: number | null
  templateId: string | null
}

export const findSending = (db: Db, { noticeId, way }: Named) =>
  db('notice_sendings')
    .where({ notice_id: noticeId, way })
    .select({
      outcome: 'outcome',
      takenAt: 'taken_at',
      tries: 'tries',
      consentId: 'consent_id',
      templateId: 'template_id',
    })
    .first<Sending | undefined>()

/** Nothing was sent: it may be taken again. */
export const releaseWay = (db: Db, { noticeId, way }: Named) =>
  db('notice_sendings').where({ notice_id: noticeId, way }).delete()

type Settled = Named & { outcome: Outcome; reason?: string | undefined; msgId?: string | undefined }

export const settleWay = (db: Db, { noticeId, way, outcome, reason, msgId }: Settled) =>
  db('notice_sendings')
    .where({ notice_id: noticeId, way })
    .update({ outcome, reason: reason ?? null, ...(msgId !== undefined && { msgid: msgId }) })

/** It is being sent once more; the count says how often, its outcome is open. */
export const tryWayAgain = (db: Db, { noticeId, way }: Named) =>
  db('notice_sendings')
    .where({ notice_id: noticeId, way })
    .update({ outcome: null, tries: db.raw('tries + 1') })

/** That try did not leave. */
export const takeTryBack = (db: Db, { noticeId, way }: Named) =>
  db('notice_sendings')
    .where({ notice_id: noticeId, way })
    .update({ outcome: 'unknown', tries: db.raw('tries - 1') })

/** Takes what members are to tell, or be told; whoever takes it does. */
export async function claimForMembers(
  db: Db,
  { kinds, now }: { kinds: readonly Notice['kind'][]; now: Date },
): Promise<number[]> {
  const { rows } = await db.raw<{ rows: { noticeId: number }[] }>(
    `
    update notice_sendings s set taken_at = :now, outcome = 'sent' from notices n
    where n.id = s.notice_id and s.way = 'staff' and s.taken_at is null and n.kind = any(:kinds)
    returning s.notice_id as "noticeId"`,
    { now: now.toISOString(), kinds: [...kinds] },
  )
  return rows.map(({ noticeId }) => noticeId).toSorted((one, other) => one - other)
}

/** The message certainly did not leave: it may be sent again. */
export const releaseFromMembers = (db: Db, noticeIds: readonly number[]) =>
  db('notice_sendings')
    .where({ way: 'staff' })
    .whereIn('notice_id', noticeIds)
    .update({ taken_at: null, outcome: null })

type State = { noticeId: number; state: Notice['state']; reason?: string; now: Date }

export const setState = (db: Db, { noticeId, state, reason, now }: State) =>
  db('notices')
    .where({ id: noticeId })
    .update({
      state,
      reason: reason ?? null,
      ended_at: state === 'waiting' || state === 'unknown' ? null : now,
    })

type Told = { accountId: number; receipts: readonly Receipt[]; now: Date }

export const insertReceipts = async (db: Db, { accountId, receipts, now }: Told): Promise<void> => {
  if (receipts.length > 0)
    await db('notice_receipts')
      .insert(
        receipts.map(({ templateId, msgId, errorCode }) => ({
          account_id: accountId,
          template_id: templateId,
          msgid: msgId,
          errcode: errorCode,
          noted_at: now,
        })),
      )
      .onConflict(['account_id', 'msgid'])
      .ignore()
}

type Doubt = { noticeId: number; accountId: number; templateId: string; takenAt: Date }

/** Messages of this account by this template of which nobody knows the outcome. */
const IN_DOUBT = `select s.notice_id, s.taken_at from notices n join notice_sendings s on s.notice_id = n.id and s.way = 'subscribe'
  where n.account_id = :accountId and s.template_id = :templateId and s.msgid is null
    and (s.outcome is null or s.outcome = 'unknown') and n.id <> :noticeId`

/** What WeChat told of a message since, that belongs to none whose answer came, nor to one that was sent after this one. */
export async function findReceipt(db: Db, { takenAt, ...doubt }: Doubt) {
  const { rows } = await db.raw<{ rows: { msgId: string; errorCode: string }[] }>(
    `
    select r.msgid as "msgId", r.errcode as "errorCode" from notice_receipts r
    where r.account_id = :accountId and r.template_id = :templateId and r.noted_at >= :takenAt
      and not exists (select 1 from notice_sendings s where s.msgid = r.msgid)
      and not exists (select 1 from (${IN_DOUBT}) d where d.taken_at > :takenAt and d.taken_at <= r.noted_at)
    order by r.noted_at limit 1`,
    { ...doubt, takenAt: takenAt.toISOString() },
  )
  return rows[0]
}

export async function countInDoubt(db: Db, { takenAt: _, ...doubt }: Doubt): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from (${IN_DOUBT}) d`,
    doubt,
  )
  return rows[0]!.count
}

/** Answers whether it was not standing before. */
export async function raiseAlarm(
  db: Db,
  { kind, now }: { kind: string; now: Date },
): Promise<boolean> {
  const raised = await db('notice_alarms')
    .insert({ kind, raised_at: now })
    .onConflict('kind')
    .merge({ raised_at: now, ended_at: null })
    .whereNotNull('notice_alarms.ended_at')
    .returning('kind')
  return raised.length > 0
}

export const endAlarms = (db: Db, { templateId, now }: { templateId: string; now: Date }) =>
  db('notice_alarms')
    .whereRaw(`split_part(kind, ' ', 1) = ?`, [templateId])
    .whereNull('ended_at')
    .update({ ended_at: now })

export const deleteReceiptsBefore = (db: Db, before: Date) =>
  db('notice_receipts').where('noted_at', '<', before).delete()

/** Nothing was sent for it, and nobody knows of it. */
export const deleteNotice = (db: Db, id: number) => db('notices').where({ id }).delete()
