import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sandboxCredentials } from '../sandbox/credentials.ts'
import type { Environment } from './environment.ts'
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

/** What makes the server take the sandbox for WeChat and WeCom. */
export function sandboxEnvironment(sandbox: string): Environment {
  const company = sandboxCredentials
  return {
    SANDBOX: 'on',
    WECOM_API_BASE: `${sandbox}/wecom`,
    WECHAT_API_BASE: `${sandbox}/weixin`,
    WEWORK_CORP_ID: company.corpId,
    WEWORK_AGENT_ID: company.agentId,
    WEWORK_CONTACT_SECRET: company.contactSecret,
    WEWORK_KF_SECRET: company.kfSecret,
    WEWORK_CALLBACK_TOKEN: company.callbackToken,
    WEWORK_CALLBACK_AES_KEY: company.callbackAesKey,
    WEWORK_KF_CALLBACK_TOKEN: company.kfCallbackToken,
    WEWORK_KF_CALLBACK_AES_KEY: company.kfCallbackAesKey,
    WEWORK_KF_OPEN_KFID: company.openKfId,
    WECHAT_APP_ID: company.miniAppId,
    WECHAT_APP_SECRET: company.miniAppSecret,
    OFFICIAL_APP_ID: company.officialAppId,
    OFFICIAL_APP_SECRET: company.officialAppSecret,
    OFFICIAL_TOKEN: company.officialToken,
    OFFICIAL_AES_KEY: company.officialAesKey,
  }
}
