import type { Db } from '../../lib/db.ts'
import type { BindCodesTx } from './bind-codes.deps.ts'
import { CODE } from './bind-codes.rules.ts'
import { findAlarm, findIssueWait, findPauseEnd, LIMITS, mayLookAtPeople } from './limits.rules.ts'
import * as limits from './limits.store.ts'

type Tx = Pick<BindCodesTx, 'db' | 'log'>

const DAY_MS = 24 * 3_600_000

/** Why typed digits are not looked at: the contact has to wait, or too many were sent to people. */
export type Stop = { how: 'paused'; until: Date } | { how: 'to_people' }

/** Holds the order of the contact's tries until the end of the transaction: a good code waits for no other contact. */
export async function findStop(
  db: Db,
  by: { externalUserId: string; toPeople: boolean; now: Date },
): Promise<Stop | null> {
  const { externalUserId, toPeople, now } = by
  await limits.lockTriesOf(db, externalUserId)
  if (toPeople) await limits.lockTries(db)
  const since = new Date(now.getTime() - LIMITS.people.withinMs)
  if (toPeople && !mayLookAtPeople(await limits.countTriesToPeople(db, { externalUserId, since })))
    return { how: 'to_people' }
  const until = await limits.findPauseEnd(db, { externalUserId, now })
  return until && { how: 'paused', until }
}

/** Milliseconds until the account may have its next code; 0: now. */
export async function findWait(
  db: Db,
  { accountId, now }: { accountId: number; now: Date },
): Promise<number> {
  const since = new Date(now.getTime() - DAY_MS)
  return findIssueWait(await limits.pageIssued(db, { accountId, since }), now)
}

/** How many digits a new code has: 8 while there is an alarm. */
export async function chooseDigits(tx: Tx, now: Date): Promise<number> {
  return (await isAlarmed(tx, now)) ? LIMITS.digits.alarm : LIMITS.digits.calm
}

/** Whether there is an alarm; one for too many live codes hides none for wrong tries. */
async function isAlarmed({ db, log }: Tx, now: Date): Promise<boolean> {
  const lasting = await limits.pageAlarms(db, now)
  if (lasting.includes('wrong_tries')) return true
  const reason = findAlarm(await limits.readPressure(db, now))
  if (reason === null || lasting.includes(reason)) return lasting.length > 0
  await limits.insertAlarm(db, { reason, now, endsAt: new Date(now.getTime() + LIMITS.alarmMs) })
  log.error(
    { reason },
    'new bind codes have 8 digits for a day: they may be being guessed, see code_tries',
  )
  return true
}

type Wrong = {
  externalUserId: string
  sourceId: string
  codeHmac: Buffer
  toPeople: boolean
  now: Date
}

/**
 * Notes a wrong try. A code that was live within the last day is no guess and is not counted (G4); digits sent to people may
 * be a postcode or a date, which pause nobody and raise no alarm.
 *
 * @returns when the contact may try again, or null.
 */
export async function noteWrong({ db, log }: Tx, by: Wrong): Promise<Date | null> {
  const { externalUserId, sourceId, toPeople, now } = by
  const ago = (ms: number): Date => new Date(now.getTime() - ms)
  const { codeHmac } = by
  if (await limits.wasLiveSince(db, { codeHmac, since: ago(CODE.notReissuedForMs) })) return null
  await limits.lockTries(db)
  await limits.insertTry(db, { externalUserId, sourceId, toPeople, now })
  if (toPeople) return null
  const longest = Math.max(...LIMITS.contact.map(({ withinMs }) => withinMs))
  const triedAt = await limits.pageTries(db, { externalUserId, since: ago(longest) })
  const pauses = await limits.countPauses(db, {
    externalUserId,
    since: ago(LIMITS.pause.rememberedMs),
  })
  const endsAt = findPauseEnd(triedAt, pauses, now)
  if (endsAt) await limits.insertPause(db, { externalUserId, sourceId, now, endsAt })
  await isAlarmed({ db, log }, now)
  return endsAt
}
