import { RefusedError } from './desk.ts'
import type { Moods } from './moods.ts'

type Token = { text: string; place: string; app: string; until: number; uses: number }

/** A new token serves a few calls before a mood may end it: the facts promise one that a replay can use. */
const SURE_USES = 12

/**
 * Access tokens of both hosts. The same one until it ends (facts 4.1, 4.3), for the rest of its life; ended early at times, which
 * shows only in the next refusal.
 */
export function createTokens(moods: Moods) {
  let current: Token[] = []
  return { issue, check }

  function issue(place: string, app: string) {
    const known = current.find(
      (one) => one.place === place && one.app === app && one.until > Date.now(),
    )
    const token = known ?? create(place, app)
    return { access_token: token.text, expires_in: Math.floor((token.until - Date.now()) / 1000) }
  }

  function create(place: string, app: string): Token {
    const until = Date.now() + moods.pick(900, 1_800, 7_200) * 1_000
    // Facts 4.1: reserve 512 bytes.
    const token = { text: moods.letters(moods.pick(64, 214, 512)), place, app, until, uses: 0 }
    current = [...current.filter((one) => one.place !== place || one.app !== app), token]
    return token
  }

  /** Whose it is. */
  function check(place: string, text: string | null): string {
    if (text === null || text === '') throw new RefusedError(41001)
    const token = current.find((one) => one.place === place && one.text === text)
    if (token !== undefined) token.uses += 1
    const ends =
      token !== undefined && token.uses > SURE_USES && moods.chance(moods.temper.refusing / 2)
    if (ends) current = current.filter((one) => one !== token)
    if (token === undefined || ends) throw new RefusedError(moods.pick(42001, 40014, 40001))
    return token.app
  }
}
export type Tokens = ReturnType<typeof createTokens>
