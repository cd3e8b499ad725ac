import { setTimeout as sleep } from 'node:timers/promises'
import { say } from '../checkout/environment.ts'

/** Something that was started and must be stopped. */
type Part = { name: string; stop(): Promise<unknown> }

type Ending = { exitCode: number; message: string }

/** What has been started, and the one moment when all of it ends. */
export function createStage() {
  const parts: Part[] = []
  let finish: (ending: Ending) => void = () => {}
  const over = new Promise<Ending>((resolve) => (finish = resolve))
  let isClosing = false

  return {
    /** Resolves with the first reason to end. */
    over,
    finish,
    isClosing: () => isClosing,
    /** Parts are stopped last in, first out. One that comes too late is stopped at once. */
    async add(part: Part): Promise<void> {
      if (isClosing) {
        await part.stop()
        throw new Error(`stopped while ${part.name} was starting`)
      }
      parts.push(part)
    },
    /** @param starting what may still add parts; it is given some seconds to notice. */
    async close(starting: Promise<unknown>): Promise<void> {
      isClosing = true
      for (const part of parts.reverse())
        await part.stop().catch((error: unknown) => say(`stopping ${part.name}: ${String(error)}`))
      await Promise.race([starting.catch(() => {}), sleep(5000)])
    },
  }
}
export type Stage = ReturnType<typeof createStage>
