import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { HttpError } from './errors.ts'
import type { Caller } from './route.ts'

/**
 * General limits against floods, per process: ordinary programs never meet them (10 reads a second per session, 60
 * sign-ins a minute per address). What protects codes and claims is in Postgres, in the rooms.
 */
export function createLimits() {
  const perAddress = new RateLimiterMemory({ points: 120, duration: 60 })
  const perSession = new RateLimiterMemory({ points: 300, duration: 10 })
  const perKey = new RateLimiterMemory({ points: 3_000, duration: 10 })
  return {
    /** Counts a request. Throws 429 with Retry-After. */
    count: async (caller: Caller | undefined, address: string): Promise<void> => {
      if (caller === undefined) return consume(perAddress, address)
      switch (caller.kind) {
        case 'customer': return consume(perSession, `customer:${String(caller.accountId)}`)
        case 'staff': return consume(perSession, `staff:${caller.userId}`)
        case 'key': return consume(perKey, caller.name)
      }
    },
  }
}
export type Limits = ReturnType<typeof createLimits>

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (reached) {
    if (!(reached instanceof RateLimiterRes)) throw reached
    throw new HttpError(429, 'request.too_many', '操作太频繁了，请稍后再试', { 'Retry-After': String(Math.max(1, Math.ceil(reached.msBeforeNext / 1000))) })
  }
}
