import { fail, integer, optional, record, text } from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import type { Stage } from '../world/stage.ts'
import type { KfItem, World } from '../world/types.ts'
import { getAccount } from './accounts.ts'
import { RETENTION_SECONDS, TOKEN_SECONDS } from './log.ts'

const MAX_LIMIT = 1000

const readBody = record({
  cursor: optional(text({ min: 0, maxBytes: 64 })),
  token: optional(text({ min: 0, maxBytes: 128 })),
  limit: optional(integer(1, MAX_LIMIT)),
  voice_format: optional(integer(0, 1)),
  // the older page calls it optional, the platform now wants it (easywechat #2938, wechatpy #803)
  open_kfid: text({ maxBytes: 64 }),
})

/** POST kf/sync_msg (W:94699). A short or empty page says nothing about the end: only has_more does. */
export function syncMessages(stage: Stage, body: unknown): Record<string, unknown> {
  const wanted = readBody(body, 'body')
  const { openKfId } = getAccount(stage.world, wanted.open_kfid)
  admit(stage, openKfId, wanted.token)
  const after = readCursor(openKfId, wanted.cursor)
  const { sync } = stage.world.faults
  if (sync.emptyPages > 0) {
    sync.emptyPages -= 1
    return { next_cursor: cursorOf(openKfId, after), has_more: 1, msg_list: [] }
  }
  const limit = Math.min(
    wanted.limit ?? MAX_LIMIT,
    sync.pageSize ?? stage.world.settings.syncPageSize,
  )
  const waiting = itemsAfter(stage, openKfId, after)
  const page = waiting.slice(0, limit)
  const last = page.at(-1)?.seq ?? Math.max(after, lastSeq(stage.world, openKfId))
  return {
    next_cursor: cursorOf(openKfId, last),
    has_more: waiting.length > page.length ? 1 : 0,
    msg_list: page.map(({ item }) => item),
  }
}

/** With a live token the call is free; without one it is "strictly limited" - the number is a setting, 10 a minute. */
function admit(stage: Stage, openKfId: string, token: string | undefined): void {
  const now = stage.now()
  if (token !== undefined && token !== '') {
    const known = Object.hasOwn(stage.world.kfTokens, token)
      ? stage.world.kfTokens[token]
      : undefined
    if (known === undefined || known.openKfId !== openKfId || now - known.issuedAt > TOKEN_SECONDS)
      throw refusal(95007)
    return
  }
  const calls = (stage.world.kfTokenlessCalls[openKfId] ?? []).filter(
    (at) => Math.abs(now - at) < 60,
  )
  if (calls.length >= stage.world.settings.tokenlessSyncPerMinute)
    throw refusal(45009, 'sync_msg without token')
  stage.world.kfTokenlessCalls[openKfId] = [...calls, now]
}

function itemsAfter(stage: Stage, openKfId: string, after: number): KfItem[] {
  const oldest = stage.now() - RETENTION_SECONDS
  const log = stage.world.kfLog
  // the log is sorted by seq: step back from the end instead of scanning three days
  let start = log.length
  while (start > 0 && (log[start - 1]?.seq ?? 0) > after) start -= 1
  return log.slice(start).filter((one) => one.openKfId === openKfId && one.sendTime >= oldest)
}

const lastSeq = (world: World, openKfId: string): number =>
  world.kfLog.findLast((one) => one.openKfId === openKfId)?.seq ?? 0

/** Opaque for clients. It names its account, so that a cursor used for another account is noticed. */
function cursorOf(openKfId: string, seq: number): string {
  return Buffer.from(`${seq}.${openKfId.slice(-12)}`).toString('base64url')
}

function readCursor(openKfId: string, cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') return 0
  const match = /^(\d{1,15})\.(.+)$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match?.[1] === undefined || match[2] !== openKfId.slice(-12))
    fail('cursor', 'is not one of this kf account')
  return Number(match[1])
}
