import type { Db } from '../../lib/db.ts'
import type { Intent } from './kf.rules.ts'

export const findCursor = async (db: Db, openKfId: string): Promise<string | undefined> =>
  (
    await db('kf_cursors')
      .where({ open_kfid: openKfId })
      .first<{ cursor: string } | undefined>('cursor')
  )?.cursor

/** Moves the cursor on; answers false when another pull has moved it meanwhile. */
export async function moveCursor(
  db: Db,
  { openKfId, from, to }: { openKfId: string; from: string | undefined; to: string },
): Promise<boolean> {
  const rows =
    from === undefined
      ? await db('kf_cursors')
          .insert({ open_kfid: openKfId, cursor: to })
          .onConflict('open_kfid')
          .ignore()
          .returning('open_kfid')
      : await db('kf_cursors')
          .where({ open_kfid: openKfId, cursor: from })
          .update({ cursor: to, updated_at: db.fn.now() })
          .returning('open_kfid')
  return rows.length > 0
}

export const pageAccounts = (db: Db): Promise<string[]> => db('kf_cursors').pluck('open_kfid')

export const deleteBefore = (db: Db, before: Date) =>
  db('kf_messages').whereNotNull('handled_at').where('received_at', '<', before).delete()

export type NewMessage = {
  openKfId: string
  msgid: string
  externalUserId: string | null
  origin: string
  intent: Intent
  sentAt: Date
  outcome: string | null
}

/** A message that somebody must act on. */
export type Stored = {
  id: number
  externalUserId: string
  openKfId: string
  msgid: string
  kind: Intent['kind']
  sentAt: Date
}

/** Stores messages once each; answers those that are new and not handled by that. */
export async function insertMessages(
  db: Db,
  { messages, now }: { messages: readonly NewMessage[]; now: Date },
): Promise<Stored[]> {
  if (messages.length === 0) return []
  const rows = messages.map((message) => ({
    open_kfid: message.openKfId,
    msgid: message.msgid,
    external_userid: message.externalUserId,
    origin: message.origin,
    intent: message.intent,
    sent_at: message.sentAt,
    received_at: now,
    handled_at: message.outcome === null ? null : now,
    outcome: message.outcome,
  }))
  const stored = await db('kf_messages')
    .insert(rows)
    .onConflict(['open_kfid', 'msgid'])
    .ignore()
    .returning<(Stored & { handled: boolean })[]>([
      'id',
      db.ref('external_userid').as('externalUserId'),
      db.ref('open_kfid').as('openKfId'),
      'msgid',
      db.raw(`intent->>'kind' as kind`),
      db.ref('sent_at').as('sentAt'),
      db.raw('handled_at is not null as handled'),
    ])
  return stored.filter(({ handled }) => !handled)
}

/** Of these messages those before which nothing of their contact waits; they are handled by that. Answers which. */
export const takeAtOnce = async (
  db: Db,
  { ids, outcome, now }: { ids: readonly number[]; outcome: string; now: Date },
): Promise<Set<number>> =>
  new Set(
    await db('kf_messages as m')
      .whereRaw('m.id = any(?::bigint[])', [[...ids]])
      .whereNotExists((waiting) =>
        waiting
          .select('w.id')
          .from('kf_messages as w')
          .whereRaw('w.external_userid = m.external_userid and w.handled_at is null')
          .whereRaw('w.id <> all(?::bigint[])', [[...ids]]),
      )
      .update({ handled_at: now, outcome })
      .returning<{ id: number }[]>('m.id')
      .then((rows) => rows.map(({ id }) => id)),
  )

/** The kf account in which this contact last wrote. */
export const findLastChat = async (db: Db, externalUserId: string): Promise<string | undefined> =>
  (
    await db('kf_messages')
      .where({ external_userid: externalUserId, origin: 'customer' })
      .orderBy('sent_at', 'desc')
      .first<{ open_kfid: string } | undefined>('open_kfid')
  )?.open_kfid

/** The same, if he has written there since. */
export const findOpenChat = async (
  db: Db,
  { externalUserId, since }: { externalUserId: string; since: Date },
): Promise<string | undefined> =>
  (
    await db('kf_messages')
      .where({ external_userid: externalUserId, origin: 'customer' })
      .where('sent_at', '>', since)
      .orderBy('sent_at', 'desc')
      .first<{ open_kfid: string } | undefined>('open_kfid')
  )?.open_kfid

export type Waiting = {
  id: number
  openKfId: string
  msgid: string
  externalUserId: string
  intent: Intent
  sentAt: Date
}

/** What the oldest message of a contact that waits means, before it is taken. */
export const peekWaiting = (db: Db, externalUserId: string) =>
  db('kf_messages')
    .where({ external_userid: externalUserId })
    .whereNull('handled_at')
    .orderBy('id')
    .limit(1)
    .select({ id: 'id', openKfId: 'open_kfid', intent: 'intent' })
    .first<Pick<Waiting, 'id' | 'openKfId' | 'intent'> | undefined>()

/** The oldest message of a contact that waits; locked, so that another worker does not take it too. */
export const findWaiting = (db: Db, externalUserId: string) =>
  db('kf_messages')
    .where({ external_userid: externalUserId })
    .whereNull('handled_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .select({
      id: 'id',
      openKfId: 'open_kfid',
      msgid: 'msgid',
      externalUserId: 'external_userid',
      intent: 'intent',
      sentAt: 'sent_at',
    })
    .first<Waiting | undefined>()

export const markHandled = (
  db: Db,
  { id, outcome, now }: { id: number; outcome: string; now: Date },
) => db('kf_messages').where({ id }).update({ handled_at: now, outcome })

/** Whether a contact has said but one thing since, and nobody of the company had anything to do with the chat. */
export async function isFirstWord(
  db: Db,
  { openKfId, externalUserId, since }: { openKfId: string; externalUserId: string; since: Date },
): Promise<boolean> {
  const said = await db('kf_messages')
    .where({ open_kfid: openKfId, external_userid: externalUserId })
    .where('sent_at', '>', since)
    .whereRaw(`intent->>'kind' not in ('enter', 'link')`)
    .limit(2)
    .select<{ origin: string; outcome: string | null }[]>('origin', 'outcome')
  return said.length === 1 && said[0]!.origin === 'customer' && said[0]!.outcome !== HANDED_OVER
}

const HANDED_OVER = 'handed_over'

/** The words of this message were given to people, by us. */
export const markHandedOver = (db: Db, { openKfId, msgid }: { openKfId: string; msgid: string }) =>
  db('kf_messages').where({ open_kfid: openKfId, msgid }).update({ outcome: HANDED_OVER })

/** Answers whether it is news today. */
export async function noteServedByPeople(
  db: Db,
  { openKfId, now }: { openKfId: string; now: Date },
): Promise<boolean> {
  const noted = await db('kf_cursors')
    .where({ open_kfid: openKfId })
    .where((old) =>
      old
        .whereNull('served_by_people_at')
        .orWhereRaw(`served_by_people_at < ?::timestamptz - interval '1 day'`, [now]),
    )
    .update({ served_by_people_at: now })
  return noted > 0
}

export const wasServedByPeople = async (
  db: Db,
  { openKfId, since }: { openKfId: string; since: Date },
): Promise<boolean> =>
  (await db('kf_cursors')
    .where({ open_kfid: openKfId })
    .where('served_by_people_at', '>', since)
    .first<{ open_kfid: string } | undefined>('open_kfid')) !== undefined
