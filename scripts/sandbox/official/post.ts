import { setTimeout as sleep } from 'node:timers/promises'

import { ControlError } from '../base/refusal.ts'
import { chance, type Stage } from '../world/stage.ts'
import { openReply, sealCheck, sealPush } from './envelope.ts'
import type { Push } from './push.ts'

const ATTEMPTS = 3
const KEPT = 200
/** What a follower sees when the server failed three times (platform-facts 1.5). */
export const SYSTEM_TEXT = '该公众号暂时无法提供服务，请稍后再试'

type Answer = { reply: string | null; failed: boolean }

/** Delivers a push and answers what the follower sees: a reply, nothing, or the text of the platform. */
export async function deliver(stage: Stage, push: Push): Promise<Answer> {
  const { callbacks } = stage.world.faults
  if (callbacks.delayMs > 0) await sleep(callbacks.delayMs)
  if (chance(stage.world, callbacks.drop)) {
    note(stage, push, { attempts: [], outcome: 'dropped' })
    return { reply: null, failed: false }
  }
  const copies = chance(stage.world, callbacks.duplicate) ? 2 : 1
  const [first] = await Promise.all(Array.from({ length: copies }, () => deliverOnce(stage, push)))
  return first ?? { reply: null, failed: true }
}

/** 5 s for each of 3 attempts; an answer that is no reply counts as none. */
async function deliverOnce(stage: Stage, push: Push): Promise<Answer> {
  const { officialMode, retryDelayMs } = stage.world.settings
  const attempts: string[] = []
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await sleep(retryDelayMs)
    try {
      const { path, body } = sealPush(push, officialMode)
      const answer = await ask(stage, path, {
        method: 'POST',
        headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
        body,
      })
      const reply = openReply(answer, push.openid, officialMode)
      note(stage, push, { attempts: [...attempts, 'ok'], outcome: 'delivered' })
      return { reply, failed: false }
    } catch (error) {
      attempts.push(describe(error))
    }
  }
  note(stage, push, { attempts, outcome: 'given up' })
  return { reply: null, failed: true }
}

/** The GET that the console sends when the URL is saved. */
export async function checkUrl(stage: Stage): Promise<{ ok: boolean; why?: string }> {
  const { path, echo } = sealCheck()
  try {
    const answer = await ask(stage, path, { method: 'GET' })
    return answer === echo ? { ok: true } : { ok: false, why: 'the echo is not bare' }
  } catch (error) {
    return { ok: false, why: describe(error) }
  }
}

async function ask(stage: Stage, path: string, request: RequestInit): Promise<string> {
  const { callbackBase, callbackTimeoutMs } = stage.world.settings
  if (callbackBase === null) throw new ControlError(409, 'no callbackBase')
  const response = await fetch(callbackBase.replace(/\/+$/, '') + path, {
    ...request,
    redirect: 'manual',
    signal: AbortSignal.timeout(callbackTimeoutMs),
  })
  const body = await response.text()
  if (response.status !== 200) throw new TypeError(`status ${response.status}`)
  return body
}

type Delivery = { attempts: string[]; outcome: string }

function note(stage: Stage, push: Push, { attempts, outcome }: Delivery): void {
  const { officialPushes } = stage.world
  officialPushes.push({ name: push.name, at: stage.now(), attempts, outcome })
  if (officialPushes.length > KEPT) officialPushes.shift()
}

function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
