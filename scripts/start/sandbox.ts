import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../checkout/environment.ts'
import { findLeader } from './instance.ts'
import { isAnswering, runProgram, waitForAnswer } from './programs.ts'
import type { Stage } from './stage.ts'

const START_TIMEOUT_MS = 30_000

export const sandboxLog = (dataDir: string): string => path.join(dataDir, 'logs', 'sandbox.log')

/** The address of the leader's sandbox; undefined when this instance must run it. */
export async function findSandbox(dataDir: string): Promise<string | undefined> {
  for (let waited = 0; waited < 20_000; waited += 200) {
    const leader = findLeader(dataDir)
    if (!leader) return undefined
    if (await isAnswering(`${leader.sandbox}/_sandbox/health`)) return leader.sandbox
    await sleep(200) // the leader is leaving
  }
  throw new Error(
    'another instance of this checkout runs, but its sandbox does not answer: stop that instance',
  )
}

export async function startSandbox(
  stage: Stage,
  {
    env,
    dataDir,
    port,
    server,
  }: { env: Environment; dataDir: string; port: number; server: string },
): Promise<string> {
  await runProgram(stage, dataDir, {
    name: 'the sandbox',
    entry: 'scripts/sandbox/main',
    env: { ...env, SANDBOX_PORT: String(port), DATA_DIR: dataDir, SANDBOX_CALLBACK_BASE: server },
    logFile: sandboxLog(dataDir),
    graceMs: 5000,
  })
  const url = `http://127.0.0.1:${port}`
  await waitForAnswer(stage, `${url}/_sandbox/health`, START_TIMEOUT_MS)
  return url
}
