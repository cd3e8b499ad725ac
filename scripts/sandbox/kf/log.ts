import { kfBell } from '../world/bell.ts'
import type { Stage } from '../world/stage.ts'
import type { Chat } from '../world/types.ts'

export const RETENTION_SECONDS = 3 * 86_400
export const TOKEN_SECONDS = 600
const SWEEP_EVERY = 256

type Message = {
  msgid?: string
  origin: 3 | 5
  msgtype: string
  body: Record<string, unknown>
  servicer?: string
}

/** A message of the customer (3) or of a servicer in the client (5). What the API sends never gets here (W:94699). */
export function appendMessage(stage: Stage, chat: Chat, message: Message): string {
  const msgid = message.msgid ?? stage.makeId(32)
  append(stage, chat.openKfId, {
    msgid,
    open_kfid: chat.openKfId,
    external_userid: chat.externalUserid,
    send_time: stage.now(),
    origin: message.origin,
    ...(message.servicer === undefined ? {} : { servicer_userid: message.servicer }),
    msgtype: message.msgtype,
    [message.msgtype]: message.body,
  })
  return msgid
}

/** An event: open_kfid, external_userid and servicer_userid live inside `event` and are absent above it (W:94699). */
export function appendEvent(
  stage: Stage,
  openKfId: string,
  event: { event_type: string; [key: string]: unknown },
): void {
  append(stage, openKfId, {
    msgid: stage.makeId(32),
    send_time: stage.now(),
    origin: 4,
    msgtype: 'event',
    event: { ...event, open_kfid: openKfId },
  })
}

function append(stage: Stage, openKfId: string, item: Record<string, unknown>): void {
  const { world } = stage
  const now = stage.now()
  world.kfSequence += 1
  world.kfLog.push({ seq: world.kfSequence, openKfId, sendTime: now, item })
  dropOld(stage)
  ringDoorbell(stage, openKfId)
}

/** Every item rings, each ring with its own token; the platform gives no promise about merging them. */
function ringDoorbell(stage: Stage, openKfId: string): void {
  const token = `ENC${stage.makeId(45)}`
  stage.world.kfTokens[token] = { openKfId, issuedAt: stage.now() }
  stage.ring(kfBell(stage.now(), token, openKfId))
}

/** One day of slack, so that a clock set back a little finds its messages again. */
function dropOld(stage: Stage): void {
  const { world } = stage
  const limit = stage.now() - RETENTION_SECONDS - 86_400
  while (world.kfLog[0] !== undefined && world.kfLog[0].sendTime < limit) world.kfLog.shift()
  // now and then is enough, and a benchmark rings a hundred thousand times
  if (world.kfSequence % SWEEP_EVERY !== 0) return
  for (const [token, { issuedAt }] of Object.entries(world.kfTokens)) {
    if (stage.now() - issuedAt > 2 * TOKEN_SECONDS) delete world.kfTokens[token]
  }
}
