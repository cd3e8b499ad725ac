import type { TokenKey, TokenStore } from '../../server/lib/token-store.ts'

/**
 * Tokens of this run alone, so that each secret is proven now and not by a token of yesterday. A refused secret is
 * asked for once: many refusals block the caller's address. Harmless to running servers: both platforms give the token
 * that lives already.
 */
export function createOwnTokens(): Pick<TokenStore, 'get' | 'invalidate'> {
  const fetched = new Map<string, Promise<string>>()
  const nameOf = ({ provider, subject, secret }: TokenKey): string =>
    `${provider}|${subject}|${secret}`
  return {
    get: (key, fetchToken) => {
      const known = fetched.get(nameOf(key))
      if (known) return known
      const asked = fetchToken().then(({ token }) => token)
      asked.catch(() => {}) // whoever awaits it hears of it
      fetched.set(nameOf(key), asked)
      return asked
    },
    invalidate: async (key) => void fetched.delete(nameOf(key)),
  }
}
