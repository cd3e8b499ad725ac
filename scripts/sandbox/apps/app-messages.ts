import { createHash } from 'node:crypto'

import {
  asObject,
  fail,
  integer,
  oneOf,
  optional,
  record,
  text,
  TOO_LONG,
  webAddress,
} from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { findVisible } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import type { InboxItem } from '../world/types.ts'

/** POST message/send (W:90236): app messages to members. */
const MAX_MEMBERS = 1000
const types = ['text', 'markdown', 'textcard'] as const
const bodies = {
  text: record({ content: text({ maxBytes: 2048, tooLong: TOO_LONG }) }),
  markdown: record({ content: text({ maxBytes: 2048, tooLong: TOO_LONG }) }),
  textcard: record({
    title: text({ maxBytes: 128, tooLong: TOO_LONG }),
    description: text({ maxBytes: 512, tooLong: TOO_LONG }),
    url: webAddress(),
    btntxt: optional(text({ maxChars: 4 })),
  }),
}
const common = {
  touser: optional(text()),
  toparty: optional(text({ min: 0 })),
  totag: optional(text({ min: 0 })),
  msgtype: oneOf(types, 40008),
  agentid: integer(1, Number.MAX_SAFE_INTEGER),
  safe: optional(integer(0, 1)),
  enable_id_trans: optional(integer(0, 1)),
  enable_duplicate_check: optional(integer(0, 1)),
  duplicate_check_interval: optional(integer(1, 4 * 3600)),
}

export function sendAppMessage(stage: Stage, body: unknown): Record<string, unknown> {
  const fields = asObject(body, 'body')
  const msgtype = common.msgtype(fields['msgtype'], 'body.msgtype')
  const wanted = record({ ...common, [msgtype]: bodies[msgtype] })(body, 'body')
  if (String(wanted.agentid) !== sandboxCredentials.agentId) throw refusal(40056)
  if ((wanted.toparty ?? '') !== '' || (wanted.totag ?? '') !== '')
    fail('toparty, totag', 'are not played by the sandbox')
  const { valid, invalid } = receivers(stage, wanted.touser)
  if (valid.length === 0) throw refusal(81013)
  const content = fields[msgtype] as Record<string, unknown>
  const interval =
    wanted.enable_duplicate_check === 1 ? (wanted.duplicate_check_interval ?? 1800) : 0
  const isRepeat =
    interval > 0 && repeats(stage, JSON.stringify([valid, msgtype, content]), interval)
  if (!isRepeat) valid.forEach((userid) => deliver(stage, userid, { type: msgtype, content }))
  // errcode 0 with invaliduser is a half success; the member of an app message is named with |
  return { invaliduser: invalid.join('|'), msgid: stage.makeId(40) }
}

function receivers(
  stage: Stage,
  touser: string | undefined,
): { valid: string[]; invalid: string[] } {
  if (touser === undefined) throw refusal(40058, 'touser, toparty and totag are all empty')
  const isReachable = (userid: string): boolean => findVisible(stage.world, userid) !== undefined
  if (touser === '@all')
    return { valid: Object.keys(stage.world.members).filter(isReachable), invalid: [] }
  const named = [...new Set(touser.split('|'))]
  if (named.length > MAX_MEMBERS) fail('body.touser', `names more than ${MAX_MEMBERS} members`)
  return {
    valid: named.filter(isReachable),
    invalid: named.filter((userid) => !isReachable(userid)),
  }
}

function repeats(stage: Stage, message: string, interval: number): boolean {
  const key = createHash('sha256').update(message).digest('hex')
  const before = stage.world.appMessages[key]
  if (before !== undefined && stage.now() - before < interval) return true
  stage.world.appMessages[key] = stage.now()
  return false
}

type Message = { type: string; content: Record<string, unknown> }

function deliver(stage: Stage, userid: string, { type, content }: Message): void {
  const item: InboxItem = {
    ...content,
    kind: 'app-message',
    type,
    from: sandboxCredentials.agentId,
    at: stage.now(),
  }
  const inbox = (stage.world.memberInbox[userid] ??= [])
  inbox.push(item)
}
