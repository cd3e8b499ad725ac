import { setTimeout as delay } from 'node:timers/promises'

import { chance, dice } from '../world/stage.ts'
import type { World } from '../world/types.ts'
import type { Bell } from './bell.ts'
import { seal } from './envelope.ts'

/** What became of one ringing; kept for GET /_sandbox/callbacks. */
export type Delivery = {
  door: string
  name: string
  at: number
  attempts: (number | string)[]
  outcome: string
}

export type Courier = {
  ring: (bell: Bell) => void
  idle: () => Promise<void>
  stop: () => Promise<void>
  deliveries: () => Delivery[]
}

const ATTEMPTS = 3
const HOLD_MS = 300
const KEPT = 500

export function createCourier(world: World, log: (line: string) => void): Courier {
  const ending = new AbortController()
  const history: Delivery[] = []
  const waiters: (() => void)[] = []
  let held: (() => void)[] = []
  let inFlight = 0

  const settle = (): void => {
    inFlight -= 1
    if (inFlight === 0) waiters.splice(0).forEach((wake) => wake())
  }
  const idle = (): Promise<void> =>
    inFlight === 0 ? Promise.resolve() : new Promise((wake) => waiters.push(wake))
  const note = (bell: Bell, outcome: string): Delivery => {
    const delivery: Delivery = {
      door: bell.door,
      name: bell.name,
      at: Date.now(),
      attempts: [],
      outcome,
    }
    history.push(delivery)
    if (history.length > KEPT) history.shift()
    return delivery
  }

  /** 5 s per attempt, 3 attempts in all, only HTTP 200 counts (W:90930); a redirect is not 200 either. */
  const deliver = async (bell: Bell, base: string): Promise<void> => {
    const delivery = note(bell, 'in flight')
    for (let attempt = 1; attempt <= ATTEMPTS && !ending.signal.aborted; attempt += 1) {
      if (attempt > 1) await sleep(world.settings.retryDelayMs, ending.signal)
      const result = await post(bell, base, world.settings.callbackTimeoutMs, ending.signal)
      delivery.attempts.push(result)
      if (result === 200) {
        delivery.outcome = 'delivered'
        return
      }
      log(`sandbox: callback ${bell.name} attempt ${attempt} of ${ATTEMPTS} failed: ${result}`)
    }
    delivery.outcome = 'given up'
  }

  /** A held bell goes out right after the next one that arrives, or after a moment of its own: held ones overtake each other too. */
  const hold = (): Promise<void> =>
    new Promise((release) => {
      const timer = setTimeout(release, (HOLD_MS * (1 + dice(world))) / 2)
      held.push(() => {
        clearTimeout(timer)
        release()
      })
    })

  const journey = async (
    bell: Bell,
    base: string,
    faults: { held: boolean; delayMs: number },
  ): Promise<void> => {
    if (faults.delayMs > 0) await sleep(faults.delayMs, ending.signal)
    if (faults.held) await hold()
    if (ending.signal.aborted) return
    await deliver(bell, base)
    if (faults.held) return
    const waiting = held
    held = []
    waiting.forEach((release) => release())
  }

  const ring = (bell: Bell): void => {
    const base = world.settings.callbackBase
    if (ending.signal.aborted) return
    if (base === null) return void note(bell, 'no callbackBase')
    const { drop, duplicate, reorder, delayMs } = world.faults.callbacks
    if (chance(world, drop)) return void note(bell, 'dropped')
    const copies = chance(world, duplicate) ? 2 : 1
    const isHeld = chance(world, reorder)
    for (let copy = 0; copy < copies; copy += 1) {
      inFlight += 1
      journey(bell, base, { held: isHeld, delayMs })
        .catch((error: unknown) => log(`sandbox: callback ${bell.name} lost: ${String(error)}`))
        .finally(settle)
    }
  }

  const stop = async (): Promise<void> => {
    ending.abort()
    held.forEach((release) => release())
    await idle()
  }
  return { ring, idle, stop, deliveries: () => history }
}

async function post(
  bell: Bell,
  base: string,
  timeoutMs: number,
  ending: AbortSignal,
): Promise<number | string> {
  const { path, body } = seal(bell)
  try {
    const response = await fetch(base.replace(/\/+$/, '') + path, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ending]),
    })
    // the answer must be read to its end: the deadline covers the body too
    await response.arrayBuffer()
    return response.status
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return cause instanceof Error ? cause.name + ': ' + cause.message : String(cause)
  }
}

/** Ends early, without a word, when the sandbox stops; leaves no listener behind on the signal. */
async function sleep(ms: number, ending: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: ending }).catch(() => {})
}
