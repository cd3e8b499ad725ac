import type { Chat, KfCode, KfCodeKind, SessionState } from '../world/types.ts'

/** Pure rules of a kf session (W:94698): no clock, no world. Seconds throughout. */
export const SESSION_SECONDS = 48 * 3600
const MAX_SENDS = 5

export const newChat = (openKfId: string, externalUserid: string): Chat => ({
  openKfId,
  externalUserid,
  state: 4,
  servicer: null,
  epoch: 0,
  lastCustomerAt: null,
  sentSinceCustomer: 0,
  lastWelcomeAt: null,
  entry: null,
  lines: [],
})

/** A session ends by itself 48 h after the customer's last message; nobody rings a bell for it. */
export function stateOf(chat: Chat, now: number): SessionState {
  if (chat.state === 4) return 4
  return chat.lastCustomerAt === null || now - chat.lastCustomerAt > SESSION_SECONDS
    ? 4
    : chat.state
}

/** 0 -> 1 is recalled, not documented; 3 -> 3 hands over to another servicer; the API never reopens 4. */
const allowed: Record<SessionState, readonly SessionState[]> = {
  0: [1, 2, 3],
  1: [2, 3],
  2: [3],
  3: [3, 4],
  4: [],
}

export const apiMayMove = (from: SessionState, to: SessionState): boolean =>
  allowed[from].includes(to)

/** Which code a move by API hands out: on the *first* change to 2 or 3, and on 4 (W:94698). */
export function codeForMove(from: SessionState, to: SessionState): KfCodeKind | undefined {
  if (to === 2) return 'queued'
  if (to === 3) return from === 3 ? undefined : 'taken'
  return to === 4 ? 'ended' : undefined
}

export type SendVerdict = 'ok' | 'never-wrote' | 'too-late' | 'too-many' | 'wrong-state'

export function maySend(chat: Chat, now: number): SendVerdict {
  if (chat.lastCustomerAt === null) return 'never-wrote'
  if (now - chat.lastCustomerAt > SESSION_SECONDS) return 'too-late'
  const state = stateOf(chat, now)
  if (state !== 0 && state !== 1) return 'wrong-state'
  return chat.sentSinceCustomer >= MAX_SENDS ? 'too-many' : 'ok'
}

/** A welcome is due only if in 48 h the customer has neither received one nor written (W:95122). */
export function deservesWelcome(chat: Chat, now: number): boolean {
  return !welcomedRecently(chat, now) && !isRecent(chat.lastCustomerAt, now)
}

const isRecent = (at: number | null, now: number): boolean =>
  at !== null && now - at <= SESSION_SECONDS
const welcomedRecently = (chat: Chat, now: number): boolean => isRecent(chat.lastWelcomeAt, now)

const codeLife: Record<KfCodeKind, number> = {
  enter: 20,
  queued: SESSION_SECONDS,
  taken: SESSION_SECONDS,
  ended: 20,
}
/** W:95122: queue and taken are answered with plain text only. */
export const codeTypes: Record<KfCodeKind, readonly string[]> = {
  enter: ['text', 'msgmenu'],
  queued: ['text'],
  taken: ['text'],
  ended: ['text', 'msgmenu'],
}

type CodeVerdict = 'ok' | 'used' | 'expired' | 'state-left'

export function judgeCode(code: KfCode, chat: Chat, now: number): CodeVerdict {
  if (code.used) return 'used'
  if (now - code.issuedAt > codeLife[code.kind]) return 'expired'
  // two enter codes can be alive at once; after the first welcome the other one is worth nothing
  if (code.kind === 'enter') return welcomedRecently(chat, now) ? 'used' : 'ok'
  return code.epoch === chat.epoch ? 'ok' : 'state-left'
}

export function moveTo(chat: Chat, state: SessionState, servicer: string | null): void {
  chat.state = state
  chat.servicer = servicer
  chat.epoch += 1
}
