import type { PhoneStatusAnswer } from '../../../shared/api/claims.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** The numbers of product.md, section 2, "Phone-claim rules". */
export const CLAIM = {
  lifeMs: 48 * 60 * MINUTE_MS,
  apartMs: MINUTE_MS,
  perDay: 5,
  dayMs: DAY_MS,
} as const

/** How long an account must wait for its next claim, in ms; 0: not at all. `claimedAt` newest first. */
export function findClaimWait(claimedAt: readonly Date[], now: Date): number {
  const until = (at: Date | undefined, ms: number): number =>
    at ? at.getTime() + ms - now.getTime() : 0
  return Math.max(0, until(claimedAt[0], CLAIM.apartMs), until(claimedAt[CLAIM.perDay - 1], DAY_MS))
}

type Claim = { status: 'waiting' | 'bound' | 'expired'; createdAt: Date; expiresAt: Date }
type Facts = {
  standing: { bound: boolean; boundAt: Date | null } | null
  claim: Claim | null
  now: Date
}

/** R0.46; the database says waiting, callers read pending. null: nothing is known. */
export function toPhoneStatus({ standing, claim, now }: Facts): PhoneStatusAnswer | null {
  if (standing?.bound)
    return {
      status: 'bound',
      message: '已绑定',
      ...(standing.boundAt && { boundAt: standing.boundAt.toISOString() }),
    }
  if (!claim) return null
  const times = {
    createdAt: claim.createdAt.toISOString(),
    expiresAt: claim.expiresAt.toISOString(),
  }
  const isPending = claim.status !== 'expired' && claim.expiresAt > now
  return isPending
    ? { status: 'pending', message: '等待企业微信员工添加', ...times }
    : { status: 'expired', message: '已过期，请重新提交手机号', ...times }
}
