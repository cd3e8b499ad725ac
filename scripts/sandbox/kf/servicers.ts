import { ControlError } from '../base/refusal.ts'
import type { Stage } from '../world/stage.ts'
import type { Chat, KfAccount, Person } from '../world/types.ts'
import { findChat, issueCode } from './chat.ts'
import { appendEvent, appendMessage } from './log.ts'
import { moveTo, stateOf } from './session.ts'

/** What a servicer does in the client. Only these make session_status_change; the API's moves never do (W:94699). */
type Place = { account: KfAccount; person: Person; userid: string }
type Change = {
  change_type: 1 | 2 | 3 | 4
  old_servicer_userid?: string
  new_servicer_userid?: string
  msg_code?: string
}

function chatOf(stage: Stage, { account, person, userid }: Place): Chat {
  if (!account.servicers.some((one) => one.userid === userid))
    throw new ControlError(400, `${userid} is no servicer`)
  const chat = findChat(stage.world, account.openKfId, person.externalUserid)
  if (chat === undefined) throw new ControlError(409, 'this person never opened the chat')
  return chat
}

function announce(stage: Stage, chat: Chat, change: Change): void {
  appendEvent(stage, chat.openKfId, {
    event_type: 'session_status_change',
    external_userid: chat.externalUserid,
    ...change,
  })
}

/** From the queue (1) or from a colleague (2). Sessions in 0 and 1 belong to the API and are not shown to servicers. */
export function takeSession(stage: Stage, place: Place): void {
  const chat = chatOf(stage, place)
  const state = stateOf(chat, stage.now())
  const old = chat.servicer
  if (state === 2) {
    moveTo(chat, 3, place.userid)
    announce(stage, chat, {
      change_type: 1,
      new_servicer_userid: place.userid,
      msg_code: issueCode(stage, chat, 'taken'),
    })
  } else if (state === 3 && old !== null && old !== place.userid) {
    moveTo(chat, 3, place.userid)
    announce(stage, chat, {
      change_type: 2,
      old_servicer_userid: old,
      new_servicer_userid: place.userid,
    })
  } else {
    throw new ControlError(409, `a servicer cannot take a session in state ${state}`)
  }
}

/** Typing into an ended session reopens it (4); elsewhere only the servicer in charge can type. */
export function servicerSays(stage: Stage, place: Place, text: string): string {
  const chat = chatOf(stage, place)
  const state = stateOf(chat, stage.now())
  if (state === 4) reopen(stage, chat, place.userid)
  else if (state !== 3 || chat.servicer !== place.userid)
    throw new ControlError(409, 'not the session of this servicer')
  const msgid = appendMessage(stage, chat, {
    origin: 5,
    msgtype: 'text',
    body: { content: text },
    servicer: place.userid,
  })
  chat.lines.push({ msgid, from: 'staff', type: 'text', text, at: stage.now() })
  return msgid
}

function reopen(stage: Stage, chat: Chat, userid: string): void {
  if (chat.lastCustomerAt === null) throw new ControlError(409, 'the customer never wrote')
  if (stage.now() - chat.lastCustomerAt > 48 * 3600)
    throw new ControlError(409, 'the customer has been silent for 48 h')
  const old = chat.servicer ?? userid
  moveTo(chat, 3, userid)
  announce(stage, chat, { change_type: 4, old_servicer_userid: old, new_servicer_userid: userid })
}

export function endSession(stage: Stage, place: Place): void {
  const chat = chatOf(stage, place)
  if (stateOf(chat, stage.now()) !== 3 || chat.servicer !== place.userid) {
    throw new ControlError(409, 'not the session of this servicer')
  }
  moveTo(chat, 4, null)
  announce(stage, chat, {
    change_type: 3,
    old_servicer_userid: place.userid,
    msg_code: issueCode(stage, chat, 'ended'),
  })
}

/** 1 serving, 2 stopped in the event; 0 and 1 in servicer/list (W:94699). */
export function setDuty(
  stage: Stage,
  { account, userid }: Omit<Place, 'person'>,
  serving: boolean,
): void {
  const servicer = account.servicers.find((one) => one.userid === userid)
  if (servicer === undefined)
    throw new ControlError(404, `${userid} is no servicer of ${account.name}`)
  const status = serving ? 0 : 1
  if (servicer.status === status) return
  servicer.status = status
  appendEvent(stage, account.openKfId, {
    event_type: 'servicer_status_change',
    servicer_userid: userid,
    status: serving ? 1 : 2,
    ...(serving ? {} : { stop_type: 0 }),
  })
}
