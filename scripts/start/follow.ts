import { say, type Environment } from '../checkout/environment.ts'
import { findLeader, forgetFollower, writeInstance, type Instance } from './instance.ts'
import { endLeftovers } from './leftovers.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { startSandbox } from './sandbox.ts'
import type { Stage } from './stage.ts'

type Follower = { env: Environment; dataDir: string; instance: Omit<Instance, 'process'> }

/** Takes over the sandbox, at its old address, and dev.json when the leader goes away. */
export async function follow(stage: Stage, { env, dataDir, instance }: Follower): Promise<void> {
  const takeOver = (): Promise<void> =>
    oneAtATime(dataDir, async () => {
      if (findLeader(dataDir) || stage.isClosing()) return
      clearInterval(watch)
      await endLeftovers(dataDir)
      await startSandbox(stage, {
        env,
        dataDir,
        server: instance.server,
        port: Number(new URL(instance.sandbox).port),
      })
      writeInstance(dataDir, instance, true)
      say('the instance that was here first is gone: this one runs the sandbox now')
    })
  let turn: Promise<void> | undefined
  const look = (): void => {
    if (turn || findLeader(dataDir)) return
    turn = takeOver()
      .catch((error: unknown) => stage.finish({ exitCode: 1, message: String(error) }))
      .finally(() => (turn = undefined))
  }
  const watch = setInterval(look, 1000)
  const stop = async (): Promise<void> => {
    clearInterval(watch)
    forgetFollower(dataDir, instance.server)
  }
  await stage.add({ name: 'the watch over the first instance', stop })
}
