import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'
import { secondsLeft } from '../../lib/format.ts'
import { isLive, type BindFacts } from './bind.view.ts'

const LOOK_MS = 3000
const PATIENCE_MS = 15_000
/** The link in the button is never so old that it ends on the way to the chat. */
const RENEW_SECONDS = 30
/** With the first code four in twenty minutes, of five an hour: one is left for a tap. */
const RENEWALS_MOST = 3

export const noFacts = (now: number): BindFacts => ({
  status: null,
  code: null,
  chat: null,
  stated: '',
  question: null,
  opening: false,
  problem: null,
  waitUntil: 0,
  digitsOpen: false,
  copied: false,
  chatRefused: false,
  unstable: false,
  renewals: 0,
  now,
})

/**
 * Whether the page fetches a code without being asked: when it opens and there is none, and while the digits are folded,
 * for the sake of the link in the button. Digits that somebody may be typing are never replaced under his eyes.
 */
export function wantsCode(facts: BindFacts, { state }: BindingStatusAnswer): boolean {
  const { status, code, now, waitUntil, digitsOpen, renewals } = facts
  if (now < waitUntil) return false
  const isGone =
    state === 'none' || state === 'expired' || (state === 'code_live' && !isLive(code, now))
  if (status === null) return isGone
  if (status.state !== 'code_live' || digitsOpen || renewals >= RENEWALS_MOST) return false
  return isGone || (state === 'code_live' && secondsLeft(code!.expiresAt, now) <= RENEW_SECONDS)
}

/**
 * When to ask the server again: every 3 s while a code or a confirmation is live, more slowly while the network fails;
 * null when nothing can change by itself.
 */
export function nextLookMs({ status }: Pick<BindFacts, 'status'>, failures: number): number | null {
  if (status?.state !== 'code_live' && status?.state !== 'awaiting_confirmation') return null
  return Math.min(PATIENCE_MS, LOOK_MS * 2 ** Math.min(failures, 3))
}
