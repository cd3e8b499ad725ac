import { sha256 } from '../lib/secrets.ts'
import { toAddressKey } from './address-key.ts'
import { refuse, type Refusal } from './errors.ts'
import type { Caller } from './route.ts'
import { createWindow } from './window.ts'

export const TOO_MANY = [429, 'request.too_many', '操作太频繁了，请稍后再试'] satisfies Refusal

/** Tokens that are remembered for having opened a door; some hundred bytes each. */
const MOST_KNOWN = 10_000

/**
 * General limits against floods, per process: ordinary programs never meet them (10 reads a second per session, 60
 * sign-ins a minute per address). What protects codes and claims is in Postgres, in the rooms.
 */
export function createLimits({ clock }: { clock: () => Date }) {
  const perAddress = createWindow({ most: 120, seconds: 60, clock })
  const perSession = createWindow({ most: 300, seconds: 10, clock })
  const perOfficer = createWindow({ most: 3_000, seconds: 10, clock })
  return {
    /** Counts a request. Throws 429 with Retry-After. */
    count: (caller: Caller | undefined, address: string): void => {
      if (caller === undefined) return refuseOver(perAddress.take(toAddressKey(address)))
      switch (caller.kind) {
        case 'customer':
          return refuseOver(perSession.take(`customer:${String(caller.accountId)}`))
        case 'staff':
          return refuseOver(perSession.take(`staff:${caller.userId}`))
        case 'officer':
          return refuseOver(perOfficer.take(`${caller.via}:${caller.name}`))
      }
    },
    ...createTries(clock),
  }
}
export type Limits = ReturnType<typeof createLimits>

/**
 * Tokens that open nothing, counted per address. A try is counted before it is looked up and given back when the token
 * opened something, so that not even a burst costs more lookups than the limit. A token that opened a door before is no
 * guess: whoever shares an address with a guesser keeps his session.
 */
function createTries(clock: () => Date) {
  const perAddress = createWindow({ most: 120, seconds: 60, clock })
  // They cost no query: who only forgets his token uses up nobody's tries.
  const tokenless = createWindow({ most: 120, seconds: 60, clock })
  const known = new Set<string>()
  const remember = (mark: string): void => {
    const [oldest] = known
    if (oldest !== undefined && known.size >= MOST_KNOWN) known.delete(oldest)
    known.add(mark)
  }
  const tryUnknown = async <T extends Found>(
    key: string,
    look: () => Promise<T | null>,
  ): Promise<T | null> => {
    refuseOver(perAddress.take(key))
    let isGuess = false // nor is it one while nobody can say
    try {
      const found = await look()
      isGuess = opensNothing(found)
      return found
    } finally {
      if (!isGuess) perAddress.giveBack(key)
    }
  }
  return {
    /** What `look` finds for this token; what opens nothing counts. Throws 429 with Retry-After. */
    tryToken: async <T extends Found>(
      address: string,
      token: string,
      look: () => Promise<T | null>,
    ): Promise<T | null> => {
      const mark = sha256(token).toString('base64')
      const found = known.has(mark) ? await look() : await tryUnknown(toAddressKey(address), look)
      known.delete(mark)
      if (!opensNothing(found)) remember(mark)
      return found
    },
    /** A request was refused that had nothing to look up. Throws 429 with Retry-After. */
    countRefusal: (address: string): void => refuseOver(tokenless.take(toAddressKey(address))),
  }
}

type Found = { kind: string }
const opensNothing = (found: Found | null): boolean => found === null || found.kind === 'refused'

function refuseOver(seconds: number): void {
  if (seconds > 0) throw refuse(TOO_MANY, { retryAfterSeconds: seconds })
}
