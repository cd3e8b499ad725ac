import { parseFields } from '../../lib/xml.ts'
import type { CallbackFields } from './wecom.callback.ts'
import { isId } from './wecom.read.ts'

type ContactChange =
  | 'added'
  | 'half-added'
  | 'edited'
  | 'deleted-by-member'
  | 'deleted-by-customer'
  | 'transfer-failed'
  | `other:${string}`

interface KfRang {
  kind: 'kf-rang'
  openKfId: string
  /** Lets sync_msg pass its rate limit for 10 minutes. */
  token: string
}

export interface ContactChanged {
  kind: 'contact-changed'
  change: ContactChange
  userId: string
  externalUserId: string
  /** Valid 20 s, once. */
  welcomeCode?: string
  state?: string
  /** The platform's own word, e.g. DELETE_BY_TRANSFER. */
  source?: string
  /** Whole seconds: two events of one second are not told apart by it. */
  at: Date
}

interface OtherEvent {
  kind: 'other'
  msgType?: string
  event?: string
  changeType?: string
  at?: Date
  /** An event that we know, without this field, which it must have. */
  lacks?: string
}

export type WecomEvent = KfRang | ContactChanged | OtherEvent

const CHANGES: Readonly<Record<string, ContactChange>> = {
  add_external_contact: 'added',
  add_half_external_contact: 'half-added',
  edit_external_contact: 'edited',
  del_external_contact: 'deleted-by-member',
  del_follow_user: 'deleted-by-customer',
  transfer_fail: 'transfer-failed',
}

/**
 * A callback in our words. Never throws: what we do not know, or what lacks a field it must have, is `other`.
 * https://developer.work.weixin.qq.com/document/path/96361 and https://developer.work.weixin.qq.com/document/path/97713
 */
export function toEvent(fields: CallbackFields): WecomEvent {
  const event = text(fields, 'Event')?.toLowerCase()
  if (event === 'kf_msg_or_event') return toKfRang(fields)
  if (event === 'change_external_contact') return toContactChanged(fields)
  return toOther(fields)
}

/** The event of a callback's decrypted text, as the letterbox keeps it. Throws XmlError. */
export const readEvent = (xml: string): WecomEvent => toEvent(parseFields(xml))

function toKfRang(fields: CallbackFields): KfRang | OtherEvent {
  const openKfId = id(fields, 'OpenKfId')
  const token = text(fields, 'Token')
  if (openKfId === undefined) return { ...toOther(fields), lacks: 'OpenKfId' }
  return token === undefined
    ? { ...toOther(fields), lacks: 'Token' }
    : { kind: 'kf-rang', openKfId, token }
}

function toContactChanged(fields: CallbackFields): ContactChanged | OtherEvent {
  const type = text(fields, 'ChangeType')
  const userId = id(fields, 'UserID')
  const externalUserId = id(fields, 'ExternalUserID')
  const at = instant(fields)
  if (type === undefined) return { ...toOther(fields), lacks: 'ChangeType' }
  if (userId === undefined) return { ...toOther(fields), lacks: 'UserID' }
  if (externalUserId === undefined) return { ...toOther(fields), lacks: 'ExternalUserID' }
  if (at === undefined) return { ...toOther(fields), lacks: 'CreateTime' }
  const changed: ContactChanged = {
    kind: 'contact-changed',
    change: toChange(type),
    userId,
    externalUserId,
    at,
  }
  const welcomeCode = text(fields, 'WelcomeCode')
  const state = text(fields, 'State')
  const source = text(fields, 'Source')
  if (welcomeCode !== undefined) changed.welcomeCode = welcomeCode
  if (state !== undefined) changed.state = state
  if (source !== undefined) changed.source = source
  return changed
}

function toChange(type: string): ContactChange {
  const known = type.toLowerCase()
  return Object.hasOwn(CHANGES, known) ? (CHANGES[known] ?? `other:${type}`) : `other:${type}`
}

function toOther(fields: CallbackFields): OtherEvent {
  const other: OtherEvent = { kind: 'other' }
  const msgType = text(fields, 'MsgType')
  const event = text(fields, 'Event')
  const changeType = text(fields, 'ChangeType')
  const at = instant(fields)
  if (msgType !== undefined) other.msgType = msgType
  if (event !== undefined) other.event = event
  if (changeType !== undefined) other.changeType = changeType
  if (at !== undefined) other.at = at
  return other
}

function instant(fields: CallbackFields): Date | undefined {
  const seconds = text(fields, 'CreateTime')
  return seconds !== undefined && /^\d{1,12}$/.test(seconds)
    ? new Date(Number(seconds) * 1000)
    : undefined
}

/** A text that can be an id; ids that are none would not fit into keys and queues. */
function id(fields: CallbackFields, name: string): string | undefined {
  const value = text(fields, name)
  return value !== undefined && isId(value) ? value : undefined
}

/** An empty node is an absent one: AgentID and WelcomeCode come as either. */
function text(fields: CallbackFields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
