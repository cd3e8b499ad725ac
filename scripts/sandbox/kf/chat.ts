import { ControlError } from '../base/refusal.ts'
import type { Stage } from '../world/stage.ts'
import type { Chat, KfCodeKind, World } from '../world/types.ts'
import type { Spoken } from './messages.ts'
import { findServing } from './accounts.ts'
import { appendEvent, appendMessage } from './log.ts'
import { moveTo, newChat, stateOf } from './session.ts'

const chatKey = (openKfId: string, externalUserid: string): string =>
  `${openKfId}|${externalUserid}`

export function findChat(world: World, openKfId: string, externalUserid: string): Chat | undefined {
  return world.chats[chatKey(openKfId, externalUserid)]
}

export function openChat(world: World, openKfId: string, externalUserid: string): Chat {
  return (world.chats[chatKey(openKfId, externalUserid)] ??= newChat(openKfId, externalUserid))
}

export function issueCode(stage: Stage, chat: Chat, kind: KfCodeKind): string {
  const code = stage.makeId(40)
  stage.world.kfCodes[code] = {
    kind,
    openKfId: chat.openKfId,
    externalUserid: chat.externalUserid,
    epoch: chat.epoch,
    issuedAt: stage.now(),
    used: false,
  }
  return code
}

/** The customer writes: 48 h and five replies start anew, an ended session becomes 0 (W:94698). */
export function customerWrites(stage: Stage, chat: Chat, written: Written): string {
  const now = stage.now()
  if (stateOf(chat, now) === 4) beginSession(stage, chat)
  chat.lastCustomerAt = now
  chat.sentSinceCustomer = 0
  const { msgtype, line, body } = written
  const msgid = appendMessage(stage, chat, { origin: 3, msgtype, body })
  chat.lines.push({ msgid, from: 'customer', type: msgtype, text: line, at: now })
  return msgid
}

/** Where people serve the account, whoever is on duty has the session at once, without an event; else it waits for the API. */
function beginSession(stage: Stage, chat: Chat): void {
  const servicer = stage.world.settings.kfServedByPeople
    ? findServing(stage.world, chat.openKfId, stage.now())
    : undefined
  moveTo(chat, servicer === undefined ? 0 : 3, servicer ?? null)
}

export type Written = { msgtype: string; line: string; body: Record<string, unknown> }

/** A tap sends the item's content as text with its menu_id; only items this person really received can be tapped. */
export function tappedItem(chat: Chat | undefined, menuId: string): Written {
  const item = (chat?.lines ?? [])
    .flatMap((line) => line.menu ?? [])
    .findLast((one) => one.id === menuId)
  if (item === undefined)
    throw new ControlError(400, `no menu this person received has a click item ${menuId}`)
  return { msgtype: 'text', line: item.text, body: { content: item.text, menu_id: menuId } }
}

export function botSays(chat: Chat, line: { msgid: string } & Spoken, at: number): void {
  chat.lines.push({ ...line, from: 'bot', at })
}

/** Without a msgid, whatever the customer wrote last. */
export function recallLast(stage: Stage, chat: Chat | undefined, msgid?: string): string {
  const line = chat?.lines.findLast(
    (one) => one.from === 'customer' && (msgid === undefined || one.msgid === msgid),
  )
  if (chat === undefined || line === undefined || line.recalled === true)
    throw new ControlError(404, 'no such message to recall')
  line.recalled = true
  appendEvent(stage, chat.openKfId, {
    event_type: 'user_recall_msg',
    external_userid: chat.externalUserid,
    recall_msgid: line.msgid,
  })
  return line.msgid
}
