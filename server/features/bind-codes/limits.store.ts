import { lockKey, type Db } from '../../lib/db.ts'
import { LIVE } from './codes.store.ts'
import { LIMITS } from './limits.rules.ts'

/** Tries of a contact are judged one after the other: a burst cannot slip through between a count and the next. */
export const lockTriesOf = (db: Db, externalUserId: string) =>
  lockKey(db, `binding.tries:${externalUserId}`)

/** The same for what is counted of everybody; take that of the contact before. */
export const lockTries = (db: Db) => lockKey(db, 'binding.tries')

export const pageIssued = (
  db: Db,
  { accountId, since }: { accountId: number; since: Date },
): Promise<Date[]> =>
  db('bind_codes')
    .where({ account_id: accountId })
    .where('issued_at', '>', since)
    .orderBy('issued_at', 'desc')
    .limit(LIMITS.issue.perDay)
    .pluck('issued_at')

export const findPauseEnd = async (
  db: Db,
  { externalUserId, now }: { externalUserId: string; now: Date },
): Promise<Date | null> =>
  (
    await db('code_pauses')
      .where({ external_userid: externalUserId })
      .where('ends_at', '>', now)
      .max<{ ends: Date | null }[]>({ ends: 'ends_at' })
  )[0]?.ends ?? null

type NewTry = { externalUserId: string; sourceId: string; toPeople: boolean; now: Date }

export const insertTry = (db: Db, { externalUserId, sourceId, toPeople, now }: NewTry) =>
  db('code_tries')
    .insert({
      external_userid: externalUserId,
      source_id: sourceId,
      to_people: toPeople,
      tried_at: now,
    })
    .onConflict('source_id')
    .ignore()

type OfContact = { externalUserId: string; since: Date }
type TriesToPeople = { ofContact: number; ofAll: number }

/** Wrong tries in chats that a human had: of this contact, and of all. */
export async function countTriesToPeople(
  db: Db,
  { externalUserId, since }: OfContact,
): Promise<TriesToPeople> {
  const counts = db.raw(
    `count(*) filter (where external_userid = ?) as "ofContact", count(*) as "ofAll"`,
    [externalUserId],
  )
  const [row] = await db('code_tries')
    .where({ to_people: true })
    .where('tried_at', '>', since)
    .select<TriesToPeople[]>(counts)
  return row!
}

export const pageTries = (db: Db, { externalUserId, since }: OfContact): Promise<Date[]> =>
  db('code_tries')
    .where({ external_userid: externalUserId, to_people: false })
    .where('tried_at', '>', since)
    .orderBy('tried_at', 'desc')
    .limit(100)
    .pluck('tried_at')

export const countPauses = async (db: Db, { externalUserId, since }: OfContact): Promise<number> =>
  Number(
    (
      await db('code_pauses')
        .where({ external_userid: externalUserId })
        .where('began_at', '>', since)
        .count<{ count: number }[]>()
    )[0]?.count ?? 0,
  )

export const insertPause = (
  db: Db,
  row: { externalUserId: string; sourceId: string; now: Date; endsAt: Date },
) =>
  db('code_pauses')
    .insert({
      external_userid: row.externalUserId,
      source_id: row.sourceId,
      began_at: row.now,
      ends_at: row.endsAt,
    })
    .onConflict('source_id')
    .ignore()

/** Wrong tries of everybody in each window of LIMITS.corp, and the codes that are live. */
export async function readPressure(db: Db, now: Date) {
  const wrongByWindow = await Promise.all(
    LIMITS.corp.map(async ({ withinMs }) =>
      Number(
        (
          await db('code_tries')
            .where({ to_people: false })
            .where('tried_at', '>', new Date(now.getTime() - withinMs))
            .count<{ count: number }[]>()
        )[0]?.count ?? 0,
      ),
    ),
  )
  const [live] = await db('bind_codes')
    .whereRaw(LIVE)
    .where('expires_at', '>', now)
    .count<{ count: number }[]>()
  return { wrongByWindow, liveCodes: Number(live?.count ?? 0) }
}

export const pageAlarms = (db: Db, now: Date): Promise<string[]> =>
  db('code_alarms').where('ends_at', '>', now).pluck('reason')

export const insertAlarm = (db: Db, row: { reason: string; now: Date; endsAt: Date }) =>
  db('code_alarms').insert({ reason: row.reason, began_at: row.now, ends_at: row.endsAt })

/** Was this code used, replaced or expired within the last day? Then it is no guess. */
export const wasLiveSince = async (
  db: Db,
  { codeHmac, since }: { codeHmac: Buffer; since: Date },
): Promise<boolean> =>
  (await db('bind_codes')
    .where({ code_hmac: codeHmac })
    .where('expires_at', '>', since)
    .first('id')) !== undefined

export async function deleteOldTries(db: Db, before: Date): Promise<void> {
  await db('code_tries').where('tried_at', '<', before).delete()
  await db('code_pauses').where('ends_at', '<', before).delete()
}

/** Everything a contact was wrong with. */
export async function forgetTries(
  db: Db,
  externalUserId: string,
): Promise<{ tries: number; pauses: number }> {
  const tries = await db('code_tries').where({ external_userid: externalUserId }).delete()
  const pauses = await db('code_pauses').where({ external_userid: externalUserId }).delete()
  return { tries, pauses }
}
