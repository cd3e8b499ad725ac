import { readProjectQuestion, toWord, type ProjectQuestion } from '../../../shared/project-texts.ts'
import type { KfItem } from '../../outside/wecom/kf.items.ts'
import type { EventCode } from '../facts.ts'

/** The scene of our bind link: only what came in through it carries a nonce of ours. */
export const BIND_SCENE = 'bind'
export const MESSAGE_TOO_OLD_MS = 15 * 60_000
export const EVENT_CODE_LIFE_MS = 20_000

/** A session lasts so long after a customer's last word. */
export const SESSION_MS = 48 * 3_600_000
/** For so long an account is taken to be served by people after it was last seen to be. */
export const SERVED_BY_PEOPLE_MS = 7 * 24 * 3_600_000

/** The code of an event, for as long as the platform remembers it. */
export const toEventCode = (code: string | undefined, sentAt: Date): EventCode | null =>
  code === undefined ? null : { code, until: new Date(sentAt.getTime() + EVENT_CODE_LIFE_MS) }

/** What a kf item means to us. Never holds the words of the customer; codes and nonces only as hashes. */
export type Intent =
  | { kind: 'code'; hash: string }
  | { kind: 'link'; hash: string; welcomeCode?: string }
  | { kind: 'enter'; welcomeCode?: string }
  | { kind: 'deny'; pendingId: string }
  | { kind: 'recall'; msgid: string }
  | { kind: 'unbind' }
  | { kind: 'unbind_confirmed'; askedAt: string }
  | { kind: 'unbind_declined' }
  /** `about`: what of his projects; absent: their progress, as the last version stored it. */
  | { kind: 'progress'; about?: Exclude<ProjectQuestion, 'progress'> }
  | { kind: 'session_ended'; msgCode?: string }
  | { kind: 'words' }
  | { kind: 'send_failed'; reason: string }
  | { kind: 'ignored'; type: string }
  /** Nothing can be made of it; `reason`: what it lacks, or why it could not be stored. */
  | { kind: 'unreadable'; reason: string }

type Hashes = { hashTry: (text: string) => string | null; hashNonce: (nonce: string) => string }

const DENY = /^no:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
export const denyMenuId = (pendingId: string): string => `no:${pendingId}`
const UNBIND = /^unbind:(\d{4}-\d\d-\d\dT[\d:.]+Z)$/
export const unbindMenuId = (askedAt: Date): string => `unbind:${askedAt.toISOString()}`
export const KEEP_MENU_ID = 'keep'
/** A question to unbind that lies longer back in the chat is no longer answered by a tap. */
export const UNBIND_QUESTION_LIFE_MS = 10 * 60_000

const UNBIND_WORDS: ReadonlySet<string> = new Set(['解绑', '解除绑定', '取消绑定'])

export function understand(item: KfItem, { hashTry, hashNonce }: Hashes): Intent {
  if (item.kind === 'unreadable') return { kind: 'unreadable', reason: `lacks ${item.lacks}` }
  if (item.kind === 'send-failed') return { kind: 'send_failed', reason: item.reason }
  if (item.kind === 'enter-session') {
    const welcome = item.welcomeCode === undefined ? {} : { welcomeCode: item.welcomeCode }
    const isOurs = item.scene === BIND_SCENE && item.sceneParam !== undefined
    return isOurs
      ? { kind: 'link', hash: hashNonce(item.sceneParam!), ...welcome }
      : { kind: 'enter', ...welcome }
  }
  if (item.kind === 'session-status-change' && item.change === 'ended') {
    return { kind: 'session_ended', ...(item.msgCode !== undefined && { msgCode: item.msgCode }) }
  }
  if (item.kind === 'recall' && item.by === 'customer' && item.recalledMsgid !== undefined)
    return { kind: 'recall', msgid: item.recalledMsgid }
  if (item.origin !== 'customer')
    return { kind: 'ignored', type: item.kind === 'other' ? item.type : item.kind }
  return item.kind === 'text' ? understandText(item.text, item.menuId, hashTry) : { kind: 'words' }
}

function understandText(
  text: string,
  menuId: string | undefined,
  hashTry: Hashes['hashTry'],
): Intent {
  const denied = menuId === undefined ? undefined : DENY.exec(menuId)?.[1]
  if (denied !== undefined) return { kind: 'deny', pendingId: denied }
  const askedAt = menuId === undefined ? undefined : UNBIND.exec(menuId)?.[1]
  if (askedAt !== undefined) return { kind: 'unbind_confirmed', askedAt }
  if (menuId === KEEP_MENU_ID) return { kind: 'unbind_declined' }
  if (UNBIND_WORDS.has(toWord(text))) return { kind: 'unbind' }
  const about = readProjectQuestion(text)
  if (about !== null) return { kind: 'progress', ...(about !== 'progress' && { about }) }
  const hash = hashTry(text)
  return hash === null ? { kind: 'words' } : { kind: 'code', hash }
}

/** The messages of contacts who have said nothing but words. */
export function findOnlyWords<Said extends { externalUserId: string; kind: Intent['kind'] }>(
  messages: readonly Said[],
): Said[] {
  const meantMore = new Set(
    messages.filter(({ kind }) => kind !== 'words').map(({ externalUserId }) => externalUserId),
  )
  return messages.filter(({ externalUserId }) => !meantMore.has(externalUserId))
}
