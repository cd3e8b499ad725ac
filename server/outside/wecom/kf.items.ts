import { createHash } from 'node:crypto'
import type { JsonObject } from '../../lib/http-client.ts'
import { asObject, id, instant, integer, object, present, text } from './wecom.read.ts'

type KfOrigin = 'customer' | 'system' | 'servicer' | `other:${number}`

interface KfItemBase {
  /** Unique per kf account. */
  msgid: string
  openKfId: string
  externalUserId: string
  sendTime: Date
  origin: KfOrigin
}

interface KfText extends KfItemBase {
  kind: 'text'
  text: string
  /** Present when the customer tapped a click item of a menu. */
  menuId?: string
}

interface KfEnterSession extends KfItemBase {
  kind: 'enter-session'
  /** What add_contact_way was given. */
  scene?: string
  /** What was appended to the link, decoded again. Chosen by whoever holds the link: proves nothing unless we signed it. */
  sceneParam?: string
  /** Valid 20 s, once; absent when the customer was greeted or wrote in the last 48 h. */
  welcomeCode?: string
}

/** Only what happens in the servicer's client; our own transfers make no event. */
interface KfSessionStatusChange extends KfItemBase {
  kind: 'session-status-change'
  change: 'taken-from-queue' | 'transferred' | 'ended' | 'reopened' | `other:${number}`
  oldServicerUserId?: string
  newServicerUserId?: string
  /** For one message on this event: 48 h when taken from the queue, 20 s when ended. */
  msgCode?: string
}

interface KfRecall extends KfItemBase {
  kind: 'recall'
  by: 'customer' | 'servicer'
  recalledMsgid?: string
}

interface KfSendFailed extends KfItemBase {
  kind: 'send-failed'
  failedMsgid?: string
  reason: KfFailReason
}

/** Everything else: pictures, cards, events of servicers. `type` is the platform's word, `event:NAME` for events. */
interface KfOther extends Omit<KfItemBase, 'openKfId' | 'externalUserId'> {
  kind: 'other'
  type: string
  openKfId?: string
  externalUserId?: string
}

/** It lacks what every item of its kind has: whose it is. */
interface KfUnreadable extends Pick<KfItemBase, 'msgid' | 'sendTime' | 'origin'> {
  kind: 'unreadable'
  type: string
  /** The platform's name of what is missing or odd. */
  lacks: string
  openKfId?: string
  externalUserId?: string
}

export type KfItem =
  KfUnreadable | KfText | KfEnterSession | KfSessionStatusChange | KfRecall | KfSendFailed | KfOther

const FAIL_REASONS = [
  'unknown',
  'kf-account-deleted',
  'app-closed',
  undefined,
  'after-48-hours',
  'session-closed',
  'more-than-5-messages',
  'no-channels-bound',
  'corp-unverified',
  'no-channels-bound-and-corp-unverified',
  'rejected-by-customer',
  'no-member-logged-in',
  'forbidden-type',
] as const
type KfFailReason = NonNullable<(typeof FAIL_REASONS)[number]> | `other:${number}`

/**
 * One entry of sync_msg's `msg_list`, whatever it is. Never throws: what we do not know is `other` with the platform's type kept.
 * Events carry their ids inside `event`. https://developer.work.weixin.qq.com/document/path/94670
 */
export function toKfItem(entry: unknown): KfItem {
  const raw = asObject(entry)
  const msgtype = text(raw, 'msgtype') ?? 'none'
  const body = object(raw, msgtype)
  const type = msgtype === 'event' ? `event:${text(body, 'event_type') ?? 'none'}` : msgtype
  const at = {
    msgid: msgidOf(raw, entry),
    sendTime: instant(raw, 'send_time'),
    origin: toOrigin(integer(raw, 'origin') ?? 0),
  }
  const ids = {
    openKfId: id(raw, 'open_kfid') ?? id(body, 'open_kfid'),
    externalUserId: id(raw, 'external_userid') ?? id(body, 'external_userid'),
  }
  const other: KfOther = { kind: 'other', type, ...at, ...present(ids) }
  if (ids.openKfId !== undefined && ids.externalUserId !== undefined) {
    return (
      toKnown(type, body, { ...at, openKfId: ids.openKfId, externalUserId: ids.externalUserId }) ??
      other
    )
  }
  const mustSay = msgtype === 'none' || at.origin === 'customer' || OF_A_CUSTOMER.has(type)
  return mustSay ? { ...other, kind: 'unreadable', lacks: findLack(msgtype, ids) } : other
}

/** Events that always name their customer; those of a servicer name none. */
const OF_A_CUSTOMER: ReadonlySet<string> = new Set([
  'text',
  'event:enter_session',
  'event:session_status_change',
  'event:user_recall_msg',
  'event:servicer_recall_msg',
  'event:msg_send_fail',
])

function findLack(msgtype: string, ids: { externalUserId: string | undefined }): string {
  if (msgtype === 'none') return 'msgtype'
  return ids.externalUserId === undefined ? 'external_userid' : 'open_kfid'
}

function toKnown(type: string, body: JsonObject, base: KfItemBase): KfItem | undefined {
  switch (type) {
    case 'text':
      return {
        kind: 'text',
        ...base,
        text: text(body, 'content') ?? '',
        ...present({ menuId: text(body, 'menu_id') }),
      }
    case 'event:enter_session':
      return {
        kind: 'enter-session',
        ...base,
        ...toEnterContext(body),
        ...present({ welcomeCode: text(body, 'welcome_code') }),
      }
    case 'event:session_status_change':
      return toStatusChange(body, base)
    case 'event:user_recall_msg':
    case 'event:servicer_recall_msg':
      return {
        kind: 'recall',
        ...base,
        by: type === 'event:user_recall_msg' ? 'customer' : 'servicer',
        ...present({ recalledMsgid: text(body, 'recall_msgid') }),
      }
    case 'event:msg_send_fail':
      return {
        kind: 'send-failed',
        ...base,
        reason: toFailReason(integer(body, 'fail_type') ?? 0),
        ...present({ failedMsgid: text(body, 'fail_msgid') }),
      }
    default:
      return undefined
  }
}

/** How a customer came in: also in the answer of customer/batchget. */
export function toEnterContext(from: JsonObject): { scene?: string; sceneParam?: string } {
  return present({ scene: text(from, 'scene'), sceneParam: text(from, 'scene_param') })
}

function toStatusChange(body: JsonObject, base: KfItemBase): KfSessionStatusChange {
  const words = [undefined, 'taken-from-queue', 'transferred', 'ended', 'reopened'] as const
  const type = integer(body, 'change_type') ?? 0
  return {
    kind: 'session-status-change',
    ...base,
    change: words[type] ?? `other:${type}`,
    ...present({
      oldServicerUserId: text(body, 'old_servicer_userid'),
      newServicerUserId: text(body, 'new_servicer_userid'),
      msgCode: text(body, 'msg_code'),
    }),
  }
}

function toOrigin(origin: number): KfOrigin {
  return (
    ([undefined, undefined, undefined, 'customer', 'system', 'servicer'] as const)[origin] ??
    `other:${origin}`
  )
}

function toFailReason(type: number): KfFailReason {
  return FAIL_REASONS[type] ?? `other:${type}`
}

/** Ours have 32 characters, the platform's about as many. */
const MSGID = /^[\x21-\x7e]{1,128}$/

/** An entry without an id would be stored anew on every page: its content is its id then; so it is where an id is too long for a key. */
function msgidOf(raw: JsonObject, entry: unknown): string {
  const msgid = text(raw, 'msgid')
  return msgid !== undefined && MSGID.test(msgid)
    ? msgid
    : `sha256:${createHash('sha256').update(JSON.stringify(entry)).digest('hex')}`
}
