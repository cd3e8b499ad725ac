import { integer, list, optional, record, text } from '../base/check.ts'
import { findExternal } from '../world/people.ts'
import { type Stage, unionidField } from '../world/stage.ts'
import type { Chat, Person } from '../world/types.ts'
import { SESSION_SECONDS } from './session.ts'

const readBody = record({
  external_userid_list: list(text({ maxBytes: 64 }), { min: 1, max: 100 }),
  need_enter_session_context: optional(integer(0, 1)),
})

/** POST kf/customer/batchget (W:95159): only who entered or wrote within 48 h; the others come back as invalid. */
export function batchGetCustomers(stage: Stage, body: unknown): Record<string, unknown> {
  const wanted = readBody(body, 'body')
  const found: Record<string, unknown>[] = []
  const invalid: string[] = []
  for (const id of new Set(wanted.external_userid_list)) {
    const person = findExternal(stage.world, id)
    const chats = person === undefined ? [] : recentChats(stage, person)
    if (person === undefined || chats.length === 0) invalid.push(id)
    else
      found.push(
        presentCustomer(stage, person, wanted.need_enter_session_context === 1 ? chats : []),
      )
  }
  return { customer_list: found, invalid_external_userid: invalid }
}

const isRecent = (at: number | null | undefined, now: number): boolean =>
  at !== null && at !== undefined && now - at <= SESSION_SECONDS

function recentChats(stage: Stage, person: Person): Chat[] {
  const now = stage.now()
  return Object.values(stage.world.chats).filter(
    (chat) =>
      chat.externalUserid === person.externalUserid &&
      (isRecent(chat.lastCustomerAt, now) || isRecent(chat.entry?.at, now)),
  )
}

function presentCustomer(stage: Stage, person: Person, chats: Chat[]): Record<string, unknown> {
  const entries = chats.flatMap((chat) =>
    chat.entry !== null && isRecent(chat.entry.at, stage.now()) ? [chat.entry] : [],
  )
  const last = entries.sort((one, other) => other.at - one.at)[0]
  return {
    external_userid: person.externalUserid,
    nickname: person.name,
    avatar: 'http://wx.qlogo.cn/mmhead/sandbox/0',
    gender: 0,
    ...unionidField(stage.world, 'wecom', person),
    ...(last === undefined ? {} : { enter_session_context: contextOf(last) }),
  }
}

const contextOf = (entry: NonNullable<Chat['entry']>): Record<string, string> => ({
  scene: entry.scene,
  ...(entry.sceneParam === '' ? {} : { scene_param: entry.sceneParam }),
})
