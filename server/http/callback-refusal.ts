import type { ClockDoubts } from '../lib/clock-doubts.ts'
import type { Log } from '../lib/log.ts'
import { HttpError } from './errors.ts'

type Refusal = readonly [status: number, code: string, message: string]
type Deps = {
  door: 'wecom' | 'official'
  /** What the log calls it. */
  says: string
  /** What is said when it is for somebody else. */
  badReceiver: string
  clockDoubts: ClockDoubts
  log: Log
}

const MALFORMED: Refusal = [400, 'callback.malformed', '回调内容无法解析']

/**
 * Opens what a platform sent. What does not verify is refused and logged, and nothing of it is kept.
 *
 * @returns what opens a request with this query; throws HttpError 401 (signature, time), 403 (receiver) or 400.
 */
export function createCallbackRefusal({ door, says, badReceiver, clockDoubts, log }: Deps) {
  const refusals: Record<string, Refusal> = {
    bad_signature: [401, 'callback.bad_signature', '回调签名不正确'],
    stale: [401, 'callback.stale', '回调时间戳已过期'],
    bad_receiver: [403, 'callback.bad_receiver', badReceiver],
  }
  return async <T>({ timestamp }: { timestamp?: unknown }, open: () => T): Promise<T> => {
    try {
      return open()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      log.warn({ reason: code || (error as Error).name }, says)
      if (code === 'stale') await clockDoubts.note(door, timestamp)
      throw new HttpError(...(refusals[code] ?? MALFORMED))
    }
  }
}
