import { integer, optional, record, text } from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import { getExternal } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import type { Chat, SessionState } from '../world/types.ts'
import { getAccount, requireServing } from './accounts.ts'
import { findChat, issueCode } from './chat.ts'
import { apiMayMove, codeForMove, moveTo, newChat, stateOf } from './session.ts'

const readGet = record({
  open_kfid: text({ maxBytes: 64 }),
  external_userid: text({ maxBytes: 64 }),
})
const readTrans = record({
  open_kfid: text({ maxBytes: 64 }),
  external_userid: text({ maxBytes: 64 }),
  service_state: integer(0, 4),
  servicer_userid: optional(text({ maxBytes: 64 })),
})

function chatFor(stage: Stage, openKfId: string, externalUserid: string): Chat {
  const person = getExternal(stage.world, externalUserid)
  return (
    findChat(stage.world, openKfId, person.externalUserid) ??
    newChat(openKfId, person.externalUserid)
  )
}

/** POST kf/service_state/get (W:94698). */
export function getServiceState(stage: Stage, body: unknown): Record<string, unknown> {
  const wanted = readGet(body, 'body')
  const account = getAccount(stage.world, wanted.open_kfid)
  const chat = chatFor(stage, account.openKfId, wanted.external_userid)
  const state = stateOf(chat, stage.now())
  return { service_state: state, ...(state === 3 ? { servicer_userid: chat.servicer } : {}) }
}

/** POST kf/service_state/trans (W:94698). A move by API makes no session_status_change event. */
export function transServiceState(stage: Stage, body: unknown): Record<string, unknown> {
  const wanted = readTrans(body, 'body')
  const account = getAccount(stage.world, wanted.open_kfid)
  const chat = chatFor(stage, account.openKfId, wanted.external_userid)
  const from = stateOf(chat, stage.now())
  const to = wanted.service_state as SessionState
  const servicer = wanted.servicer_userid
  if (to === 3 && servicer === undefined) throw refusal(40058, 'servicer_userid missing')
  if (to !== 3 && servicer !== undefined)
    throw refusal(40058, 'servicer_userid belongs to service_state 3 only')
  if (!apiMayMove(from, to)) throw refusal(95016, `${from} to ${to}`)
  if (servicer !== undefined) requireServing(stage, account, servicer)
  if (from === 3 && to === 3 && chat.servicer === servicer)
    throw refusal(95016, 'already with this servicer')
  const kind = codeForMove(from, to)
  moveTo(chat, to, servicer ?? null)
  return kind === undefined ? {} : { msg_code: issueCode(stage, chat, kind) }
}
