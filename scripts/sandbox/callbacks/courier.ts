import { setTimeout as delay } from 'node:timers/promises'

import { chance, dice } from '../world/stage.ts'
import type { World } from '../world/types.ts'
import type { Bell } from '../world/bell.ts'
import { seal } from './envelope.ts'

/** What became of one ringing; kept for GET /_sandbox/callbacks. */
type Delivery = {
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

type Line = { world: World; log: (line: string) => void; ending: AbortSignal }

export function createCourier(world: World, log: (line: string) => void): Courier {
  const ending = new AbortController()
  const line = { world, log, ending: ending.signal }
  const { note, deliveries } = createHistory()
  const { hold, releaseAll } = createHeldBack(world)
  const { follow, idle } = createUnderway()

  const journey = async (bell: Bell, base: string, isHeld: boolean): Promise<void> => {
    const { delayMs } = world.faults.callbacks
    if (delayMs > 0) await sleep(delayMs, ending.signal)
    if (isHeld) await hold()
    if (ending.signal.aborted) return
    await deliver(line, { bell, base, delivery: note(bell, 'in flight') })
    if (!isHeld) releaseAll()
  }

  const ring = (bell: Bell): void => {
    const base = world.settings.callbackBase
    if (ending.signal.aborted) return
    if (base === null) return void note(bell, 'no callbackBase')
    const { drop, duplicate, reorder } = world.faults.callbacks
    if (chance(world, drop)) return void note(bell, 'dropped')
    const copies = chance(world, duplicate) ? 2 : 1
    const isHeld = chance(world, reorder)
    for (let copy = 0; copy < copies; copy += 1)
      follow(
        journey(bell, base, isHeld).catch((error: unknown) =>
          log(`sandbox: callback ${bell.name} lost: ${String(error)}`),
        ),
      )
  }

  const stop = async (): Promise<void> => {
    ending.abort()
    releaseAll()
    await idle()
  }
  return { ring, idle, stop, deliveries }
}

function createHistory() {
  const history: Delivery[] = []
  const note = ({ door, name }: Bell, outcome: string): Delivery => {
    const delivery: Delivery = { door, name, at: Date.now(), attempts: [], outcome }
    history.push(delivery)
    if (history.length > KEPT) history.shift()
    return delivery
  }
  return { note, deliveries: () => history }
}

/** A held bell goes out right after the next one that arrives, or after a moment of its own: held ones overtake each other too. */
function createHeldBack(world: World) {
  let held: (() => void)[] = []
  const hold = (): Promise<void> =>
    new Promise((release) => {
      const timer = setTimeout(release, (HOLD_MS * (1 + dice(world))) / 2)
      held.push(() => {
        clearTimeout(timer)
        release()
      })
    })
  const releaseAll = (): void => {
    const waiting = held
    held = []
    waiting.forEach((release) => release())
  }
  return { hold, releaseAll }
}

/** What is on its way; `idle` resolves when nothing is. */
function createUnderway() {
  const waiters: (() => void)[] = []
  let inFlight = 0
  const follow = (journey: Promise<void>): void => {
    inFlight += 1
    void journey.finally(() => {
      inFlight -= 1
      if (inFlight === 0) waiters.splice(0).forEach((wake) => wake())
    })
  }
  const idle = (): Promise<void> =>
    inFlight === 0 ? Promise.resolve() : new Promise((wake) => waiters.push(wake))
  return { follow, idle }
}

type Errand = { bell: Bell; base: string; delivery: Delivery }

/** 5 s per attempt, 3 attempts in all, only HTTP 200 counts (W:90930); a redirect is not 200 either. */
async function deliver(
  { world, log, ending }: Line,
  { bell, base, delivery }: Errand,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS && !ending.aborted; attempt += 1) {
    if (attempt > 1) await sleep(world.settings.retryDelayMs, ending)
    const deadline = AbortSignal.timeout(world.settings.callbackTimeoutMs)
    const result = await post(bell, base, AbortSignal.any([deadline, ending]))
    delivery.attempts.push(result)
    if (result === 200) {
      delivery.outcome = 'delivered'
      return
    }
    log(`sandbox: callback ${bell.name} attempt ${attempt} of ${ATTEMPTS} failed: ${result}`)
  }
  delivery.outcome = 'given up'
}

/** WeChat wants words as well (platform-facts 1.5); for WeCom the status is enough. */
const isTaken = (answer: string): boolean => answer === '' || answer === 'success'

async function post(bell: Bell, base: string, signal: AbortSignal): Promise<number | string> {
  const { path, body, contentType } = seal(bell)
  try {
    const response = await fetch(base.replace(/\/+$/, '') + path, {
      method: 'POST',
      headers: { 'content-type': contentType, 'user-agent': 'Mozilla/4.0' },
      body,
      redirect: 'manual',
      signal,
    })
    // the answer must be read to its end: the deadline covers the body too
    const answer = await response.text()
    return bell.door === 'push' && response.status === 200 && !isTaken(answer)
      ? 'the answer is neither empty nor success'
      : response.status
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return cause instanceof Error ? cause.name + ': ' + cause.message : String(cause)
  }
}

/** Ends early, without a word, when the sandbox stops; leaves no listener behind on the signal. */
async function sleep(ms: number, ending: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: ending }).catch(() => {})
}
