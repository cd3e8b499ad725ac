import { setTimeout as sleep } from 'node:timers/promises'

/** Looks again and again, ever less often, until `look` finds something, for at most 25 seconds. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false | null>,
): Promise<T> {
  const end = Date.now() + 25_000
  for (let pause = 4; Date.now() < end; pause = Math.min(pause * 1.5, 50)) {
    const found = await look()
    if (found !== undefined && found !== false && found !== null) return found
    await sleep(pause)
  }
  throw new Error(`waited 25 s in vain for ${what}`)
}
