import { readEnvironment, say, StartRefused } from '../checkout/environment.ts'
import { listenForTheEnd } from './lifetime.ts'
import { raise, type Raised } from './raise.ts'
import { createStage, type Stage } from './stage.ts'
import { decideWorld } from './world.ts'

/** `npm start` and `npm run dev`: starts everything, and ends it when told to or when a part of it dies. */
export async function start({ watch }: { watch: boolean }): Promise<never> {
  const stage = createStage()
  listenForTheEnd(stage)
  const starting = Promise.resolve().then(() => {
    const env = readEnvironment()
    return raise(stage, { env, world: decideWorld(env), watch })
  })
  starting.then(announce, (error: unknown) =>
    stage.finish({ exitCode: 1, message: describe(error) }),
  )
  return end(stage, starting)
}

function announce({ lines, later }: Raised): void {
  const tell = (some: Raised['lines']): void =>
    some.forEach(([what, where]) => say(`${what.padEnd(12)}${where}`))
  tell(lines)
  say('ready')
  void later.then(tell)
}

async function end(stage: Stage, starting: Promise<Raised>): Promise<never> {
  const { exitCode, message } = await stage.over
  if (exitCode === 0) say(message)
  else process.stderr.write(`${message}\n`)
  await stage.close(starting)
  process.exit(exitCode)
}

function describe(error: unknown): string {
  if (error instanceof StartRefused) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
