import type { Db } from '../../lib/db.ts'
import type { BindingDeps } from './binding.deps.ts'
import { CODE } from './binding.rules.ts'
import { findAlarm, findIssueWait, findPauseEnd, LIMITS, mayLookAtPeople } from './limits.rules.ts'
import * as limits from './limits.store.ts'

const DAY_MS = 24 * 3_600_000

/** Why typed digits are not looked at: the contact has to wait, or too many were sent to people. */
export type Stop = { how: 'paused'; until: Date } | { how: 'to_people' }

/** Holds the order of all tries until the end of the transaction. */
export async function findStop(
  db: Db,
  by: { externalUserId: string; toPeople: boolean; now: Date },
): Promise<Stop | null> {
  const { externalUserId, toPeople, now } = by
  await limits.lockTries(db)
  const since = new Date(now.getTime() - LIMITS.people.withinMs)
  if (toPeople && !mayLookAtPeople(await limits.countTriesToPeople(db, externalUserId, since)))
    return { how: 'to_people' }
  const until = await limits.findPauseEnd(db, externalUserId, now)
  return until && { how: 'paused', until }
}

/** Milliseconds until the account may have its next code; 0: now. */
export async function findWait(db: Db, accountId: number, now: Date): Promise<number> {
  return findIssueWait(
    await limits.pageIssued(db, accountId, new Date(now.getTime() - DAY_MS)),
    now,
  )
}

/** How many digits a new code has: 8 while there is an alarm. */
export async function chooseDigits(deps: BindingDeps, db: Db, now: Date): Promise<number> {
  return (await isAlarmed(deps, db, now)) ? LIMITS.digits.alarm : LIMITS.digits.calm
}

/** Whether there is an alarm; one for too many live codes hides none for wrong tries. */
async function isAlarmed(deps: BindingDeps, db: Db, now: Date): Promise<boolean> {
  const lasting = await limits.pageAlarms(db, now)
  if (lasting.includes('wrong_tries')) return true
  const reason = findAlarm(await limits.readPressure(db, now))
  if (reason === null || lasting.includes(reason)) return lasting.length > 0
  await limits.insertAlarm(db, { reason, now, endsAt: new Date(now.getTime() + LIMITS.alarmMs) })
  deps.log.error(
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
export async function noteWrong(deps: BindingDeps, db: Db, by: Wrong): Promise<Date | null> {
  const { externalUserId, sourceId, toPeople, now } = by
  if (await limits.wasLiveSince(db, by.codeHmac, new Date(now.getTime() - CODE.notReissuedForMs)))
    return null
  await limits.insertTry(db, { externalUserId, sourceId, toPeople, now })
  if (toPeople) return null
  const longest = Math.max(...LIMITS.contact.map(({ withinMs }) => withinMs))
  const triedAt = await limits.pageTries(db, externalUserId, new Date(now.getTime() - longest))
  const pauses = await limits.countPauses(
    db,
    externalUserId,
    new Date(now.getTime() - LIMITS.pause.rememberedMs),
  )
  const endsAt = findPauseEnd(triedAt, pauses, now)
  if (endsAt) await limits.insertPause(db, { externalUserId, sourceId, now, endsAt })
  await isAlarmed(deps, db, now)
  return endsAt
}
