import type { FetchedToken, TokenKey, TokenStore } from './token-store.ts'

type TokenCall<T> = {
  tokens: Pick<TokenStore, 'get' | 'invalidate'>
  key: TokenKey
  fetchToken: () => Promise<FetchedToken>
  /** Whether a failure means that the platform does not take this token any more. */
  isRefused: (error: unknown) => boolean
  onRefused: (error: unknown) => void
  run: (token: string) => Promise<T>
}

/**
 * Runs a call with the shared token, and once more when the platform refuses it. A token that another process had left
 * in the store may be as dead as the first: only one that this call has fetched itself ends the tries.
 */
export async function callWithToken<T>({
  tokens,
  key,
  fetchToken,
  isRefused,
  onRefused,
  run,
}: TokenCall<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    let isOurs = false
    const token = await tokens.get(key, () => {
      isOurs = true
      return fetchToken()
    })
    try {
      return await run(token)
    } catch (error) {
      const isLast = tries === 3 || (tries === 2 && isOurs)
      if (!isRefused(error) || isLast) throw error
      onRefused(error)
      await tokens.invalidate(key, token)
    }
  }
}
