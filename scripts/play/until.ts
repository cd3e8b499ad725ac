import { setTimeout as sleep } from 'node:timers/promises'

/** Looks again and again until `look` finds something, for at most 25 seconds. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false | null>,
): Promise<T> {
  for (const end = Date.now() + 25_000; Date.now() < end; await sleep(50)) {
    const found = await look()
    if (found !== undefined && found !== false && found !== null) return found
  }
  throw new Error(`waited 25 s in vain for ${what}`)
}
