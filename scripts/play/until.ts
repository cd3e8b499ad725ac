import { setTimeout as sleep } from 'node:timers/promises'

type Look<T> = T | undefined | false | null

/** Looks again and again, ever less often, until `look` finds something. */
export async function until<T>(
  what: string,
  look: () => Promise<Look<T>> | Look<T>,
  seconds = 25,
): Promise<T> {
  const end = Date.now() + seconds * 1_000
  for (let pause = 4; Date.now() < end; pause = Math.min(pause * 1.5, 50)) {
    const found = await look()
    if (found !== undefined && found !== false && found !== null) return found
    await sleep(pause)
  }
  throw new Error(`waited ${String(seconds)} s in vain for ${what}`)
}
