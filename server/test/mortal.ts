import { createPeople } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { createSandbox, type Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { openGate, type Gate } from './gate.ts'
import { ageLocks } from './job-desk.ts'
import { spawnServer } from './processes.ts'
import { ADMIN_KEY, townEnvironment } from './town.ts'

type Options = {
  /** What else the server is told, once `back` has an address. */
  env: (back: Gate) => Record<string, string>
  /** Before the first server starts. */
  prepare?: (database: TestDatabase) => PromiseLike<unknown>
}
export type Mortal = {
  database: TestDatabase
  sandbox: Sandbox
  /** Between the platform and customers on one side, and the server on the other. */
  front: Gate
  /** Between the server and the platform that `env` leads through it. */
  back: Gate
  people: ReturnType<typeof createPeople>
  /** The log of the server that lives. */
  lines: () => readonly string[]
  /** SIGKILL; `afterwards` runs when the process is dead, before there is another one. */
  replace: (afterwards?: () => unknown) => Promise<void>
  close: () => Promise<void>
}

/** One server process at a time, which can be held at a call, killed and replaced; the sandbox outlives it. */
export async function openMortal({ env: toEnv, prepare }: Options): Promise<Mortal> {
  const database = await testDatabase()
  const sandbox = await createSandbox({ port: 0 })
  const front = await openGate(() => server.url)
  const back = await openGate(() => sandbox.url)
  const env = { ...townEnvironment(sandbox.url, database.connectionString), ...toEnv(back) }
  await prepare?.(database)
  let server = await spawnServer(env)
  sandbox.setCallbackBase(front.url)
  const people = createPeople({
    server: createHttp(front.url),
    control: createHttp(sandbox.url),
    adminKey: ADMIN_KEY,
  })
  const replace = async (afterwards: () => unknown = () => {}): Promise<void> => {
    await server.kill()
    await afterwards()
    // What a dead process held is free 3 s after it took it: as if these had passed. two-processes.test.ts lets them pass.
    await ageLocks(database.db)
    server = await spawnServer(env)
  }
  const close = async (): Promise<void> => {
    await server.kill()
    await Promise.all([front.close(), back.close()])
    await sandbox.stop()
  }
  return { database, sandbox, front, back, people, lines: () => server.lines, replace, close }
}
