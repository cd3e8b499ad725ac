import { asObject, fail, oneOf, optional, text } from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import { undocumented } from '../world/undocumented.ts'
import { getExternal } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import type { Chat, KfCode } from '../world/types.ts'
import { getAccount } from './accounts.ts'
import { botSays, findChat, openChat } from './chat.ts'
import { appendEvent } from './log.ts'
import { readMessage, type Spoken } from './messages.ts'
import { codeTypes, judgeCode, maySend, newChat, type SendVerdict } from './session.ts'

const types = [
  'text',
  'image',
  'voice',
  'video',
  'file',
  'link',
  'miniprogram',
  'msgmenu',
  'location',
] as const
const readMsgid = optional(text({ min: 0, maxBytes: 32, pattern: /^[0-9a-zA-Z_-]*$/ }))
const verdictCodes: Record<Exclude<SendVerdict, 'ok'>, number> = {
  'never-wrote': 95018,
  'wrong-state': 95018,
  'too-late': 95002,
  'too-many': 95001,
}

/** The fields every sending call shares; a second message body beside the one named by msgtype is a slip. */
function readCommon(stage: Stage, body: unknown, own: readonly string[]) {
  const fields = asObject(body, 'body')
  const msgtype = oneOf(types, 40008)(fields['msgtype'], 'body.msgtype')
  const stray = Object.keys(fields).find(
    (key) => ![...own, 'msgid', 'msgtype', msgtype].includes(key),
  )
  if (stray !== undefined) fail(`body.${stray}`, 'is not a field of this request')
  const spoken = readMessage(stage, msgtype, fields[msgtype])
  return { fields, msgid: readMsgid(fields['msgid'], 'body.msgid') ?? '', spoken }
}

/**
 * msgid must be unique per kf account (W:94677); what a duplicate gets is not documented: 45065 here, the code of WeChat's
 * own "clientmsgid exist". Answering with success would let a client that reuses one msgid for two texts lose the second
 * one unnoticed.
 */
function refuseUsed(stage: Stage, openKfId: string, msgid: string): void {
  if (Object.hasOwn(stage.world.kfMsgids, `${openKfId}|${msgid}`))
    throw undocumented(stage.world, 45065, { msgid })
}

function claimMsgid(stage: Stage, openKfId: string, msgid: string): string {
  const claimed = msgid === '' ? stage.makeId(32) : msgid
  stage.world.kfMsgids[`${openKfId}|${claimed}`] = stage.now()
  return claimed
}

/** POST kf/send_msg (W:94677). Order: shape, account, customer, session; a refused call uses up nothing. */
export function sendMessage(stage: Stage, body: unknown): { msgid: string } {
  const { fields, msgid, spoken } = readCommon(stage, body, ['touser', 'open_kfid'])
  const touser = text({ maxBytes: 64 })(fields['touser'], 'body.touser')
  const account = getAccount(
    stage.world,
    text({ maxBytes: 64 })(fields['open_kfid'], 'body.open_kfid'),
  )
  const person = getExternal(stage.world, touser)
  // before the session is looked at: a repeat of what was sent must not hide behind 95001 or 95018
  refuseUsed(stage, account.openKfId, msgid)
  const chat =
    findChat(stage.world, account.openKfId, person.externalUserid) ??
    newChat(account.openKfId, touser)
  const verdict = maySend(chat, stage.now())
  if (verdict !== 'ok') throw refusal(verdictCodes[verdict])
  const claimed = claimMsgid(stage, account.openKfId, msgid)
  chat.sentSinceCustomer += 1
  speak(stage, chat, { ...spoken, msgid: claimed })
  return { msgid: claimed }
}

/** Success is not delivery: a failure comes later as an event (W:94699). */
function speak(stage: Stage, chat: Chat, said: Spoken & { msgid: string }): void {
  const fault = stage.world.faults.kfSendFail
  if (fault.times === 0) return botSays(chat, said, stage.now())
  fault.times -= 1
  appendEvent(stage, chat.openKfId, {
    event_type: 'msg_send_fail',
    external_userid: chat.externalUserid,
    fail_msgid: said.msgid,
    fail_type: fault.failType,
  })
}

/** The page names no errcode for a bad code: those of OAuth codes, and 95018 for a left state, are as good as any. */
const UNKNOWN_CODE = 40029
const codeCodes = { used: 42022, expired: 42003, 'state-left': 95018 } as const

function getCode(stage: Stage, code: string): { code: KfCode; chat: Chat } {
  const known = Object.hasOwn(stage.world.kfCodes, code) ? stage.world.kfCodes[code] : undefined
  if (known === undefined) throw undocumented(stage.world, UNKNOWN_CODE)
  const chat = openChat(stage.world, known.openKfId, known.externalUserid)
  const verdict = judgeCode(known, chat, stage.now())
  if (verdict !== 'ok') throw undocumented(stage.world, codeCodes[verdict])
  return { code: known, chat }
}

/** POST kf/send_msg_on_event (W:95122): one message per code, none of the five. */
export function sendOnEvent(stage: Stage, body: unknown): { msgid: string } {
  const { fields, msgid, spoken } = readCommon(stage, body, ['code'])
  const { code, chat } = getCode(stage, text({ maxBytes: 128 })(fields['code'], 'body.code'))
  if (!codeTypes[code.kind].includes(spoken.type))
    throw refusal(40008, `a ${code.kind} code carries no ${spoken.type}`)
  refuseUsed(stage, chat.openKfId, msgid)
  const claimed = claimMsgid(stage, chat.openKfId, msgid)
  code.used = true
  if (code.kind === 'enter') chat.lastWelcomeAt = stage.now()
  speak(stage, chat, { ...spoken, msgid: claimed })
  return { msgid: claimed }
}
