import { refusal } from '../base/errcodes.ts'
import { isSameMember } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import type { KfAccount, World } from '../world/types.ts'

/** Malformed is 95000, unknown or of another company 95004 (W:90313). */
export function getAccount(world: World, openKfId: string): KfAccount {
  if (!/^wk[0-9A-Za-z_-]+$/.test(openKfId)) throw refusal(95000)
  const account = Object.hasOwn(world.kfAccounts, openKfId) ? world.kfAccounts[openKfId] : undefined
  if (account === undefined) throw refusal(95004)
  return account
}

/** China has one time zone and no summer time, so an offset is enough. */
const CHINA_OFFSET_SECONDS = 8 * 3600

const minutesOf = (clock: string): number => {
  const [hours = '0', minutes = '0'] = clock.split(':')
  return Number(hours) * 60 + Number(minutes)
}

export function isOpen(world: World, now: number): boolean {
  const hours = world.settings.kfHours
  if (hours === null) return true
  const minute = Math.floor((((now + CHINA_OFFSET_SECONDS) % 86_400) + 86_400) / 60) % 1440
  return minute >= minutesOf(hours.from) && minute < minutesOf(hours.to)
}

/** A servicer of the account who takes customers now. */
export const findServing = (world: World, openKfId: string, now: number): string | undefined =>
  isOpen(world, now)
    ? world.kfAccounts[openKfId]?.servicers.find(({ status }) => status === 0)?.userid
    : undefined

/** 95014 not a servicer of this account, 95019 one who is off duty or outside the reception hours. */
export function requireServing(stage: Stage, account: KfAccount, userid: string): void {
  const servicer = account.servicers.find((one) => isSameMember(one.userid, userid))
  if (servicer === undefined) throw refusal(95014)
  if (servicer.status !== 0 || !isOpen(stage.world, stage.now())) throw refusal(95019)
}
