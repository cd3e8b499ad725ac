import type { KfItem } from '../../outside/wecom/kf.items.ts'

/** The scene of our bind link: only what came in through it carries a nonce of ours. */
export const BIND_SCENE = 'bind'
export const MESSAGE_TOO_OLD_MS = 15 * 60_000
export const WELCOME_LIFE_MS = 20_000

/** What a kf item means to us. Never holds the words of the customer; codes and nonces only as hashes. */
export type Intent =
  | { kind: 'code'; hash: string }
  | { kind: 'link'; hash: string; welcomeCode?: string }
  | { kind: 'enter'; welcomeCode?: string }
  | { kind: 'deny'; pendingId: string }
  | { kind: 'words' }
  | { kind: 'send_failed'; reason: string }
  | { kind: 'ignored'; type: string }

type Hashes = { hashTry: (text: string) => string | null; hashNonce: (nonce: string) => string }

const DENY = /^no:([0-9a-f-]{36})$/
export const denyMenuId = (pendingId: string): string => `no:${pendingId}`

export function understand(item: KfItem, { hashTry, hashNonce }: Hashes): Intent {
  if (item.kind === 'send-failed') return { kind: 'send_failed', reason: item.reason }
  if (item.kind === 'enter-session') {
    const welcome = item.welcomeCode === undefined ? {} : { welcomeCode: item.welcomeCode }
    const isOurs = item.scene === BIND_SCENE && item.sceneParam !== undefined
    return isOurs ? { kind: 'link', hash: hashNonce(item.sceneParam!), ...welcome } : { kind: 'enter', ...welcome }
  }
  if (item.origin !== 'customer') return { kind: 'ignored', type: item.kind === 'other' ? item.type : item.kind }
  if (item.kind === 'recall') return { kind: 'ignored', type: 'recall' }
  return item.kind === 'text' ? understandText(item.text, item.menuId, hashTry) : { kind: 'words' }
}

function understandText(text: string, menuId: string | undefined, hashTry: Hashes['hashTry']): Intent {
  const denied = menuId === undefined ? undefined : DENY.exec(menuId)?.[1]
  if (denied !== undefined) return { kind: 'deny', pendingId: denied }
  const hash = hashTry(text)
  return hash === null ? { kind: 'words' } : { kind: 'code', hash }
}
