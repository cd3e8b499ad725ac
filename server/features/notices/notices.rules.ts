import type { QuietHours } from '../../lib/quiet-hours.ts'
import type { SubscribeRefusal } from '../../outside/weixin/subscribe.ts'

/** What a customer's own mini-program may say he has accepted: more is no customer who wants to hear of his project. */
const MOST_LEFT = 10
const MOST_A_DAY = 20

/** Whether a consent is counted that only the client tells of. */
export const isBelieved = ({ left, today }: { left: number; today: number }): boolean =>
  left < MOST_LEFT && today < MOST_A_DAY

export type Verdict = {
  /** `back`: nothing was sent, it may be used again. `ended`: there is none. `spent`: nobody knows. */
  consent: 'back' | 'ended' | 'spent'
  /** `later`: the same way, when WeChat takes it again. */
  then: 'next way' | 'later'
  /** Somebody must mend the configuration. */
  alarm?: true
}

const CONFIGURATION: Verdict = { consent: 'back', then: 'next way', alarm: true }

/** What follows from WeChat's refusal of a message (platform-facts 4.6). A number that we do not know is taken the cautious way. */
export const VERDICTS: Readonly<Record<SubscribeRefusal, Verdict>> = {
  no_consent: { consent: 'ended', then: 'next way' },
  unknown_openid: { consent: 'ended', then: 'next way' },
  unknown_template: CONFIGURATION,
  foreign_template: CONFIGURATION,
  only_cancels: CONFIGURATION,
  app_not_allowed: CONFIGURATION,
  unknown_page: CONFIGURATION,
  bad_field: CONFIGURATION,
  banned: CONFIGURATION,
  too_many_at_once: { consent: 'back', then: 'later' },
  quota_used: { consent: 'back', then: 'later' },
  other: { consent: 'spent', then: 'next way' },
}

/** A message whose answer was lost, and of which WeChat told nothing since. */
export type Doubted = {
  /** Whether WeChat would have been heard. */
  hasHeard: boolean
  /** Consents that are left, and further messages of which nobody knows either. */
  left: number
  alsoInDoubt: number
  tries: number
}

const MOST_TRIES = 3

/**
 * Whether it may be sent again. Who hears the push would have heard of one that arrived. Else only where a second copy is
 * impossible: by what was its last consent, which WeChat refuses (43101) if the first one spent it. `another consent`: the
 * count must not be above the truth, even if the push was lost.
 */
export function decideAgain({
  hasHeard,
  left,
  alsoInDoubt,
  tries,
}: Doubted): 'never' | 'same consent' | 'another consent' {
  if (tries >= MOST_TRIES) return 'never'
  if (left === 0 && (hasHeard || alsoInDoubt === 0)) return 'same consent'
  return hasHeard ? 'another consent' : 'never'
}

/** The hours of the settings, as a clock shows them. */
export const toQuietHours = (text: string): QuietHours =>
  text === 'off' ? null : { from: text.slice(0, 5), to: text.slice(6) }
