interface Head {
  /** The follower's openid in this account. */
  openid: string
  /** gh_... id of the account: a reply must name it as its sender. */
  originalId: string
  /** What tells this push from every other one, and is the same on its repetitions. */
  key: string
}

export type OfficialPush = Head &
  (
    | { kind: 'text'; text: string }
    /** A picture, a voice message, a place and the like. */
    | { kind: 'message'; type: string }
    /** A tap on an item of the account's menu; `menuKey` is what the company called it. */
    | { kind: 'clicked'; menuKey: string }
    | { kind: 'subscribed' }
    | { kind: 'unsubscribed' }
    | { kind: 'other'; event: string }
  )

/** Openids have 28 characters, a MsgId 20 digits, names of events and keys of menus at most 128; longer ones fit into no key of ours. */
const ID = /^[\x21-\x7e]{1,64}$/
/** EventKey also carries scenes and addresses of views. */
const LONGEST_KEY = 2_048
const NAME = /^[^\s\uFFFD]{1,128}$/

/**
 * A push in our words, or undefined when it lacks what every push has or one of its ids is none. Messages are told apart by sender and MsgId (64 bits: kept as
 * text), events, which have none, by sender, second and event.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html
 */
export function readPush(fields: Readonly<Record<string, unknown>>): OfficialPush | undefined {
  const openid = text(fields, 'FromUserName')
  const originalId = text(fields, 'ToUserName')
  const type = text(fields, 'MsgType').toLowerCase()
  if (!ID.test(openid) || !ID.test(originalId) || !NAME.test(type)) return undefined
  return type === 'event'
    ? readEvent(fields, { openid, originalId })
    : readMessage(fields, { openid, originalId, type })
}

function readMessage(
  fields: Readonly<Record<string, unknown>>,
  { openid, originalId, type }: { openid: string; originalId: string; type: string },
): OfficialPush | undefined {
  const msgId = text(fields, 'MsgId')
  if (!ID.test(msgId)) return undefined
  const head = { openid, originalId, key: JSON.stringify(['message', openid, msgId]) }
  return type === 'text'
    ? { ...head, kind: 'text', text: text(fields, 'Content') }
    : { ...head, kind: 'message', type }
}

function readEvent(
  fields: Readonly<Record<string, unknown>>,
  { openid, originalId }: { openid: string; originalId: string },
): OfficialPush | undefined {
  const [event, createTime, menuKey] = [
    text(fields, 'Event'),
    text(fields, 'CreateTime'),
    text(fields, 'EventKey'),
  ]
  if (!NAME.test(event) || !ID.test(createTime) || Buffer.byteLength(menuKey) > LONGEST_KEY)
    return undefined
  const head = {
    openid,
    originalId,
    key: JSON.stringify(['event', openid, createTime, event, menuKey]),
  }
  const kind = event.toLowerCase()
  if (kind === 'subscribe') return { ...head, kind: 'subscribed' }
  if (kind === 'unsubscribe') return { ...head, kind: 'unsubscribed' }
  return kind === 'click'
    ? { ...head, kind: 'clicked', menuKey }
    : { ...head, kind: 'other', event }
}

/** A missing, empty or nested node reads as empty. */
function text(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}
