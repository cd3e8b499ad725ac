import type { ClockDoubts } from '../lib/clock-doubts.ts'
import type { Log } from '../lib/log.ts'
import { refuse, type Refusals } from './errors.ts'

type Deps = {
  door: 'wecom' | 'official' | 'miniprogram'
  /** What the log calls it. */
  says: string
  /** Whom it has to be for, when that is said. */
  receiver: string
  clockDoubts: ClockDoubts
  log: Log
}

/** What is said to a platform, by the code of what failed to verify. */
export const CALLBACK_REFUSALS = {
  malformed: [400, 'callback.malformed', '回调内容无法解析'],
  bad_signature: [401, 'callback.bad_signature', '回调签名不正确'],
  stale: [401, 'callback.stale', '回调时间戳已过期'],
  bad_receiver: [403, 'callback.bad_receiver', '回调不属于{receiver}'],
} satisfies Refusals
const isNamed = (code: string): code is keyof typeof CALLBACK_REFUSALS =>
  Object.hasOwn(CALLBACK_REFUSALS, code)

/**
 * Opens what a platform sent. What does not verify is refused and logged, and nothing of it is kept.
 *
 * @returns what opens a request with this query; throws HttpError 401 (signature, time), 403 (receiver) or 400.
 */
export function createCallbackRefusal({ door, says, receiver, clockDoubts, log }: Deps) {
  return async <T>({ timestamp }: { timestamp?: unknown }, open: () => T): Promise<T> => {
    try {
      return open()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      log.warn({ reason: code || (error as Error).name }, says)
      if (code === 'stale') await clockDoubts.note(door, timestamp)
      throw refuse(CALLBACK_REFUSALS[isNamed(code) ? code : 'malformed'], { words: { receiver } })
    }
  }
}
