import * as v from 'valibot'
import { erpVariables, erpWhy, findErpProblems } from './config/erp.ts'
import { findMediaProblems, mediaVariables, mediaWhy, toMedia } from './config/media.ts'
import {
  findMiniProgramProblems,
  miniProgramVariables,
  miniProgramWhy,
  toPush,
  toWeixin,
} from './config/mini-program.ts'
import {
  findOfficialProblems,
  officialVariables,
  officialWhy,
  toOfficial,
} from './config/official.ts'
import { policyVariables, toPolicy, toStaff } from './config/policy.ts'
import { findProcessProblems, processVariables, processWhy, toProcess } from './config/process.ts'
import { toWecom, wecomVariables, wecomWhy } from './config/wecom.ts'
import { readEnvironment, type Env } from './lib/environment.ts'

const Environment = v.object({
  ...processVariables.entries,
  ...wecomVariables.entries,
  ...miniProgramVariables.entries,
  ...officialVariables.entries,
  ...erpVariables.entries,
  ...mediaVariables.entries,
  ...policyVariables.entries,
})
type Environment = v.InferOutput<typeof Environment>

/**
 * Reads and checks the environment (docs/spec/contracts.md, "Environment"); an empty variable counts as absent.
 * Throws ConfigRefused with every problem at once.
 */
export function readConfig(env: Env) {
  return toConfig(
    readEnvironment(env, {
      schema: Environment,
      why: {
        ...processWhy,
        ...wecomWhy,
        ...miniProgramWhy,
        ...officialWhy,
        ...erpWhy,
        ...mediaWhy,
      },
      contradictions,
    }),
  )
}
export type Config = ReturnType<typeof readConfig>

function contradictions(env: Environment): string[] {
  const isProduction = env.NODE_ENV === 'production'
  return [
    ...findOfficialProblems(env, isProduction),
    ...findMiniProgramProblems(env),
    ...findErpProblems(env),
    ...findMediaProblems(env),
    ...findProcessProblems(env),
    ...(isProduction ? findForeignToProduction(env) : []),
  ]
}

/** Every credential of scripts/sandbox/base/credentials.ts begins so, behind the prefix its kind has. */
const SANDBOX_VALUE = /^(?:ww|wk|wx|gh_)?(?:sandbox|5a2db0c0)/i

const SECURED = [
  'WECOM_API_BASE',
  'WECHAT_API_BASE',
  'WECHAT_OPEN_BASE',
  'ERP_BASE_URL',
  'MEDIA_S3_ENDPOINT',
] as const

function findForeignToProduction(env: Environment): string[] {
  const known = Object.entries(env)
    .filter(([, value]) => typeof value === 'string' && SANDBOX_VALUE.test(value))
    .map(([name]) => `${name} is a value of the sandbox, which everybody knows`)
  const open = SECURED.filter((name) => env[name]?.startsWith('http://') === true).map(
    (name) => `${name} must be https:// when NODE_ENV=production`,
  )
  return [...known, ...open]
}

function toConfig(env: Environment) {
  const base = toProcess(env)
  const isSandbox = base.kind === 'sandbox'
  const openBase = isSandbox
    ? env.WECHAT_API_BASE.replace(/\/weixin$/, '/open')
    : 'https://open.weixin.qq.com'
  return {
    ...base,
    wecom: toWecom(env, openBase),
    weixin: toWeixin(env),
    push: toPush(env),
    official: toOfficial(env),
    media: toMedia(env, env.DATA_DIR),
    staff: toStaff(env, isSandbox),
    policy: toPolicy(env),
  }
}
