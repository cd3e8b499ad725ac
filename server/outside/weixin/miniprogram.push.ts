import { isAccepted } from '../../../shared/notices.ts'
import { parseFields } from '../../lib/xml.ts'

type Head = {
  openid: string
  /** Whole seconds of WeChat's clock. */
  at: Date
}
/** What he chose for one template. */
export type Choice = { templateId: string; accepted: boolean }
/** What became of one message; `errorCode` is 0 when it arrived. */
export type Receipt = { templateId: string; msgId: string; errorCode: string }

export type MiniProgramPush =
  /** He was asked in the mini-program. */
  | (Head & { kind: 'subscribe-asked'; choices: Choice[] })
  /** He changed it in the settings. */
  | (Head & { kind: 'subscribe-changed'; choices: Choice[] })
  | (Head & { kind: 'subscribe-sent'; receipts: Receipt[] })
  | { kind: 'other'; event?: string; msgType?: string; changeType?: string; lacks?: string }

type Fields = Readonly<Record<string, unknown>>

/** Each event, and the node in which XML nests what JSON has at the top. */
const NODES: Readonly<Record<string, string>> = {
  subscribe_msg_popup_event: 'SubscribeMsgPopupEvent',
  subscribe_msg_change_event: 'SubscribeMsgChangeEvent',
  subscribe_msg_sent_event: 'SubscribeMsgSentEvent',
}
const OPENID = /^[\x21-\x7e]{1,64}$/
const SECONDS = /^\d{1,12}$/
/** Ids of templates have 43 characters, a MsgID 20 digits. */
const ID = /^[\x21-\x7e]{1,64}$/

/**
 * What the mini-program's message push says, in our words; of its stored text, XML or JSON. What we do not know, or what lacks
 * a field it must have, is `other`. Throws XmlError.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html
 */
export const readMiniProgramPush = (payload: string): MiniProgramPush =>
  toPush(parseFields(payload))

function toPush(fields: Fields): MiniProgramPush {
  const event = text(fields, 'Event')
  const kind = event.toLowerCase()
  const node = Object.hasOwn(NODES, kind) ? NODES[kind]! : undefined
  if (node === undefined) return { kind: 'other', event, msgType: text(fields, 'MsgType') }
  const [openid, seconds] = [text(fields, 'FromUserName'), text(fields, 'CreateTime')]
  if (!OPENID.test(openid)) return { kind: 'other', event, lacks: 'FromUserName' }
  if (!SECONDS.test(seconds)) return { kind: 'other', event, lacks: 'CreateTime' }
  const items = listItems(fields, node)
  if (items.length === 0) return { kind: 'other', event, lacks: 'List' }
  const head = { openid, at: new Date(Number(seconds) * 1000) }
  if (kind === 'subscribe_msg_sent_event')
    return { ...head, kind: 'subscribe-sent', receipts: items.flatMap(toReceipt) }
  const choices = items.flatMap(toChoice)
  return kind === 'subscribe_msg_popup_event'
    ? { ...head, kind: 'subscribe-asked', choices }
    : { ...head, kind: 'subscribe-changed', choices }
}

/** `List` is an object, or an array of one or of several, at the top or inside the event's own node. */
function listItems(fields: Fields, node: string): Fields[] {
  const nested = fields[node]
  const list = isFields(nested) ? nested['List'] : fields['List']
  return [list].flat().filter(isFields)
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Beside `accept` there are `reject`, `ban` and words to come, and what was accepted with a sound. */
function toChoice(item: Fields): Choice[] {
  const templateId = text(item, 'TemplateId')
  const word = text(item, 'SubscribeStatusString')
  return ID.test(templateId) && word !== '' ? [{ templateId, accepted: isAccepted(word) }] : []
}

function toReceipt(item: Fields): Receipt[] {
  const [templateId, msgId] = [text(item, 'TemplateId'), text(item, 'MsgID')]
  const errorCode = text(item, 'ErrorCode')
  return ID.test(templateId) && ID.test(msgId) && errorCode !== ''
    ? [{ templateId, msgId, errorCode }]
    : []
}

/** Numbers come as texts or as numbers; a missing, empty or nested node reads as empty. */
function text(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
