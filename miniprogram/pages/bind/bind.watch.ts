import type { BindFacts } from './bind.view.ts'

const LOOK_MS = 3000
const PATIENCE_MS = 15_000

export const noFacts = (now: number): BindFacts => ({
  status: null,
  code: null,
  chat: null,
  opening: false,
  problem: null,
  waitUntil: 0,
  copied: false,
  unstable: false,
  now,
})

/**
 * When to ask the server again: every 3 s while a code or a confirmation is live, more slowly while the network fails;
 * null when nothing can change by itself.
 */
export function nextLookMs({ status }: Pick<BindFacts, 'status'>, failures: number): number | null {
  if (status?.state !== 'code_live' && status?.state !== 'awaiting_confirmation') return null
  return Math.min(PATIENCE_MS, LOOK_MS * 2 ** Math.min(failures, 3))
}
