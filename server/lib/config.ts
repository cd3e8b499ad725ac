import * as v from 'valibot'
import type { InstallationKind } from './migrate.ts'

/** The environment is incomplete or contradicts itself; `problems` has one line for each thing to mend. */
export class ConfigRefused extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`the configuration is incomplete:\n${problems.map((line) => `  - ${line}`).join('\n')}`)
    this.problems = problems
  }
}

const flag = v.pipe(v.picklist(['true', 'false', '1', '0', 'on', 'off']), v.transform((text) => ['true', '1', 'on'].includes(text)))
const whole = (min: number, max: number) => v.pipe(v.string(), v.regex(/^\d+$/, 'must be a whole number'), v.transform(Number), v.minValue(min), v.maxValue(max))
const url = v.pipe(v.string(), v.url(), v.transform((text) => text.replace(/\/+$/, '')))
const aesKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}$/, 'must be the 43 characters of the console'))
const need = v.pipe(v.string(), v.nonEmpty())

const Environment = v.object({
  NODE_ENV: v.optional(v.string(), 'development'),
  PORT: v.optional(whole(0, 65_535), '3000'),
  HOST: v.optional(need),
  PUBLIC_BASE_URL: v.optional(url),
  DATABASE_URL: need,
  SANDBOX: v.optional(v.picklist(['auto', 'on', 'off']), 'auto'),
  LOG_LEVEL: v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
  WECOM_API_BASE: v.optional(url, 'https://qyapi.weixin.qq.com'),
  WECHAT_API_BASE: v.optional(url, 'https://api.weixin.qq.com'),
  SECRET_KEY: v.pipe(v.string(), v.minLength(24, 'must have at least 24 characters')),
  ADMIN_KEY: v.optional(v.pipe(v.string(), v.minLength(24, 'must have at least 24 characters'))),
  TRUST_PROXY_HOPS: v.optional(whole(0, 5), '0'),
  SESSION_HOURS: v.optional(whole(1, 720), '24'),
  TIME_ZONE: v.optional(v.pipe(v.string(), v.check(isTimeZone, 'is not a time zone, e.g. Asia/Shanghai')), 'Asia/Shanghai'),
  WEWORK_CORP_ID: need,
  WEWORK_AGENT_ID: whole(1, 2 ** 31),
  WEWORK_CONTACT_SECRET: need,
  WEWORK_KF_SECRET: v.optional(need),
  WEWORK_CALLBACK_TOKEN: need,
  WEWORK_CALLBACK_AES_KEY: aesKey,
  WEWORK_KF_CALLBACK_TOKEN: v.optional(need),
  WEWORK_KF_CALLBACK_AES_KEY: v.optional(aesKey),
  WEWORK_KF_OPEN_KFID: need,
  KF_SERVICE_HOURS: v.optional(need, '工作日 9:00–18:00'),
  WECHAT_APP_ID: need,
  WECHAT_APP_SECRET: need,
  BINDING_TRUST_PHONE_CLAIM: v.optional(flag, 'false'),
  BINDING_PHONE_BUTTON: v.optional(flag, 'false'),
})
type Environment = v.InferOutput<typeof Environment>

const WHY = {
  DATABASE_URL: 'the Postgres of this installation (npm start without it runs an embedded one)',
  SECRET_KEY: 'keys the hashes of codes and phones; e.g. openssl rand -base64 32',
  WEWORK_CORP_ID: 'WeCom console, 我的企业 → 企业信息 → 企业ID',
  WEWORK_AGENT_ID: 'WeCom console, the self-built app → AgentId',
  WEWORK_CONTACT_SECRET: 'WeCom console, the self-built app → Secret',
  WEWORK_CALLBACK_TOKEN: 'WeCom console, the app → 接收消息 → Token',
  WEWORK_CALLBACK_AES_KEY: 'WeCom console, the app → 接收消息 → EncodingAESKey',
  WEWORK_KF_OPEN_KFID: 'the kf account (wk...) that customers write to',
  WECHAT_APP_ID: 'mini-program console, 开发管理 → AppID',
  WECHAT_APP_SECRET: 'mini-program console, 开发管理 → AppSecret',
}

/**
 * Reads and checks the environment (contracts.md, "Environment"); an empty variable counts as absent.
 *
 * @throws ConfigRefused with every problem at once.
 */
export function readConfig(env: Record<string, string | undefined>) {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = v.safeParse(Environment, present)
  if (!parsed.success) throw new ConfigRefused(parsed.issues.map((issue) => explain(issue)))
  const problems = contradictions(parsed.output)
  if (problems.length > 0) throw new ConfigRefused(problems)
  return toConfig(parsed.output)
}
export type Config = ReturnType<typeof readConfig>

function explain(issue: v.BaseIssue<unknown>): string {
  const name = v.getDotPath(issue) ?? ''
  const what = issue.received === 'undefined' ? 'is missing' : issue.message
  return `${name} ${what}${name in WHY ? ` (${WHY[name as keyof typeof WHY]})` : ''}`
}

/** Every credential of scripts/sandbox/credentials.ts begins so, behind the prefix its kind has. */
const SANDBOX_VALUE = /^(?:ww|wk|wx|gh_)?(?:sandbox|5a2db0c0)/i

function contradictions(env: Environment): string[] {
  if (env.NODE_ENV !== 'production') return []
  const problems: string[] = []
  if (env.SANDBOX === 'on') problems.push('SANDBOX=on is refused when NODE_ENV=production')
  for (const [name, value] of Object.entries(env)) {
    if (typeof value === 'string' && SANDBOX_VALUE.test(value)) problems.push(`${name} is a value of the sandbox, which everybody knows`)
  }
  for (const name of ['WECOM_API_BASE', 'WECHAT_API_BASE'] as const) {
    if (env[name].startsWith('http://')) problems.push(`${name} must be https:// when NODE_ENV=production`)
  }
  return problems
}

function toConfig(env: Environment) {
  const production = env.NODE_ENV === 'production'
  const kind: InstallationKind = env.SANDBOX === 'on' ? 'sandbox' : 'real'
  return {
    production,
    kind,
    port: env.PORT,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    publicBaseUrl: env.PUBLIC_BASE_URL,
    databaseUrl: env.DATABASE_URL,
    logLevel: env.LOG_LEVEL,
    secretKey: env.SECRET_KEY,
    adminKey: env.ADMIN_KEY,
    proxies: env.TRUST_PROXY_HOPS,
    sessionHours: env.SESSION_HOURS,
    timeZone: env.TIME_ZONE,
    wecom: {
      baseUrl: env.WECOM_API_BASE,
      corpId: env.WEWORK_CORP_ID,
      agentId: env.WEWORK_AGENT_ID,
      contactSecret: env.WEWORK_CONTACT_SECRET,
      kfSecret: env.WEWORK_KF_SECRET ?? env.WEWORK_CONTACT_SECRET,
      openKfId: env.WEWORK_KF_OPEN_KFID,
      serviceHours: env.KF_SERVICE_HOURS,
      contactCallback: { token: env.WEWORK_CALLBACK_TOKEN, encodingAesKey: env.WEWORK_CALLBACK_AES_KEY },
      kfCallback: {
        token: env.WEWORK_KF_CALLBACK_TOKEN ?? env.WEWORK_CALLBACK_TOKEN,
        encodingAesKey: env.WEWORK_KF_CALLBACK_AES_KEY ?? env.WEWORK_CALLBACK_AES_KEY,
      },
    },
    weixin: { baseUrl: env.WECHAT_API_BASE, appId: env.WECHAT_APP_ID, appSecret: env.WECHAT_APP_SECRET },
    policy: { trustPhoneClaim: env.BINDING_TRUST_PHONE_CLAIM, phoneButton: env.BINDING_PHONE_BUTTON },
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}
