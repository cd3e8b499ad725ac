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

const flag = v.pipe(
  v.picklist(['true', 'false', '1', '0', 'on', 'off'], 'must be true or false'),
  v.transform((text) => ['true', '1', 'on'].includes(text)),
)
// The library's own words repeat the value: each check has words of ours, because the value may be a secret in the wrong place.
const outOf = (min: number, max: number): string => `must be from ${String(min)} to ${String(max)}`
const oneOf = <const T extends readonly string[]>(...words: T) =>
  v.picklist(words, `must be one of ${words.join(', ')}`)
const whole = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d+$/, 'must be a whole number'),
    v.transform(Number),
    v.minValue(min, outOf(min, max)),
    v.maxValue(max, outOf(min, max)),
  )
const url = v.pipe(
  v.string(),
  v.url('must be an address like https://example.com'),
  v.transform((text) => text.replace(/\/+$/, '')),
)
const aesKey = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9+/]{43}$/, 'must be the 43 characters of the console'),
)
const need = v.pipe(v.string(), v.nonEmpty())
const userIds = v.pipe(
  v.string(),
  v.transform((text) => text.split(/[\s,|]+/).filter((one) => one !== '')),
  v.array(v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/, 'must be userids with commas between'))),
)
const quietHours = v.pipe(
  v.string(),
  v.regex(
    /^(?:off|(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)$/,
    'must be like 21:00-08:00, or off',
  ),
  v.transform((text) => (text === 'off' ? null : { from: text.slice(0, 5), to: text.slice(6) })),
)

const Environment = v.object({
  NODE_ENV: v.optional(v.string(), 'development'),
  PORT: v.optional(whole(0, 65_535), '3000'),
  HOST: v.optional(need),
  PUBLIC_BASE_URL: v.optional(url),
  DATABASE_URL: need,
  DATABASE_PREPARE: v.optional(flag, 'true'),
  SANDBOX: v.optional(oneOf('auto', 'on', 'off'), 'auto'),
  LOG_LEVEL: v.optional(oneOf('debug', 'info', 'warn', 'error'), 'info'),
  WECOM_API_BASE: v.optional(url, 'https://qyapi.weixin.qq.com'),
  WECHAT_API_BASE: v.optional(url, 'https://api.weixin.qq.com'),
  WECHAT_OPEN_BASE: v.optional(url),
  SECRET_KEY: v.pipe(v.string(), v.minLength(24, 'must have at least 24 characters')),
  ADMIN_KEY: v.optional(v.pipe(v.string(), v.minLength(24, 'must have at least 24 characters'))),
  TRUST_PROXY_HOPS: v.optional(whole(0, 5)),
  SESSION_HOURS: v.optional(whole(1, 720), '24'),
  TIME_ZONE: v.optional(
    v.pipe(v.string(), v.check(isTimeZone, 'is not a time zone, e.g. Asia/Shanghai')),
    'Asia/Shanghai',
  ),
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
  WECHAT_PUSH_TOKEN: v.optional(need),
  WECHAT_PUSH_AES_KEY: v.optional(aesKey),
  OFFICIAL_APP_ID: v.optional(need),
  OFFICIAL_APP_SECRET: v.optional(need),
  OFFICIAL_TOKEN: v.optional(need),
  OFFICIAL_AES_KEY: v.optional(aesKey),
  ERP_BASE_URL: v.optional(url),
  ERP_USERNAME: v.optional(need),
  ERP_PASSWORD: v.optional(need),
  ERP_SERIAL: v.optional(need),
  ERP_SYNC: v.optional(oneOf('on', 'off'), 'off'),
  ERP_SCORE_THRESHOLD: v.optional(whole(0, 100)),
  STAFF_NOTIFY_USERIDS: v.optional(userIds, ''),
  STAFF_QUIET_HOURS: v.optional(quietHours),
  BINDING_TRUST_PHONE_CLAIM: v.optional(flag, 'false'),
  BINDING_PHONE_BUTTON: v.optional(flag, 'false'),
  OFFICIAL_REPLY_LIMIT: v.optional(whole(0, 100), '5'),
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
  WECHAT_PUSH_TOKEN: 'mini-program console, 开发管理 → 消息推送 → Token',
  WECHAT_PUSH_AES_KEY: 'mini-program console, 开发管理 → 消息推送 → EncodingAESKey',
  ERP_BASE_URL: 'address of the ERP, e.g. https://erp.example.com',
  ERP_USERNAME: 'the account the sync signs in with',
  ERP_PASSWORD: 'its password',
  ERP_SERIAL: "serial number of the ERP's API licence",
  TRUST_PROXY_HOPS:
    'how many reverse proxies of yours are in front, 0 if none: their callers are told apart by X-Forwarded-For',
  OFFICIAL_APP_ID: 'official account console, 设置与开发 → 开发接口管理 → 开发者ID',
  OFFICIAL_APP_SECRET: 'official account console, 设置与开发 → 开发接口管理 → 开发者密码',
  OFFICIAL_TOKEN: 'official account console, 设置与开发 → 开发接口管理 → 服务器配置 → 令牌',
  OFFICIAL_AES_KEY: 'official account console, 服务器配置 → 消息加解密密钥',
}

/**
 * Reads and checks the environment (contracts.md, "Environment"); an empty variable counts as absent.
 *
 * @throws ConfigRefused with every problem at once.
 */
export function readConfig(env: Record<string, string | undefined>) {
  const damaged = damagedBy(env)
  const parsed = v.safeParse(Environment, withoutStrays(env))
  const others = parsed.success
    ? contradictions(parsed.output)
    : parsed.issues.map((issue) => explain(issue))
  const problems = [
    ...damaged,
    ...others.filter((problem) => !damaged.some((one) => nameOf(one) === nameOf(problem))),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigRefused(problems)
  return toConfig(parsed.output)
}
export type Config = ReturnType<typeof readConfig>

/** Blanks, quotes, a carriage return, a byte order mark, a zero-width character: a console or an editor leaves them, and no secret has them. */
const STRAY = '[\\s"\'`“”‘’\\p{Cf}\\p{Cc}]'
const AROUND = new RegExp(`^${STRAY}|${STRAY}$`, 'u')
const WITHIN = /[\p{Cc}\ufeff]/u
const bare = (text: string): string => text.replace(new RegExp(`^${STRAY}+|${STRAY}+$`, 'gu'), '')

/** Named without the value. What is around the name itself hides the variable: an editor's byte order mark makes the first one unknown. */
function damagedBy(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([given, value = '']) => {
    const name = bare(given)
    if (!(name in Environment.entries)) return []
    if (name !== given)
      return [`${name} is not read: there is a blank, a quote or a byte order mark around its name`]
    return AROUND.test(value) || WITHIN.test(value)
      ? [
          `${name} has a blank, a quote, a line end or a byte order mark around its value: remove it`,
        ]
      : []
  })
}

/** For the sake of the other problems only. */
const withoutStrays = (env: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env)
      .map(([name, value = '']) => [bare(name), bare(value)] as const)
      .filter(([, value]) => value !== ''),
  )

const nameOf = (problem: string): string => problem.split(' ', 1)[0]!

function explain(issue: v.BaseIssue<unknown>): string {
  const name = v.getDotPath(issue) ?? ''
  const what = issue.received === 'undefined' ? 'is missing' : issue.message
  return `${name} ${what}${name in WHY ? ` (${WHY[name as keyof typeof WHY]})` : ''}`
}

/** Every credential of scripts/sandbox/credentials.ts begins so, behind the prefix its kind has. */
const SANDBOX_VALUE = /^(?:ww|wk|wx|gh_)?(?:sandbox|5a2db0c0)/i

function contradictions(env: Environment): string[] {
  const problems = [
    ...officialProblems(env),
    ...GROUPS.flatMap((group) => groupProblems(env, group)),
  ]
  if (env.NODE_ENV !== 'production') return problems
  if (env.TRUST_PROXY_HOPS === undefined)
    problems.push(
      `TRUST_PROXY_HOPS is missing: it must be said when NODE_ENV=production (${WHY.TRUST_PROXY_HOPS})`,
    )
  if (env.SANDBOX === 'on') problems.push('SANDBOX=on is refused when NODE_ENV=production')
  for (const [name, value] of Object.entries(env)) {
    if (typeof value === 'string' && SANDBOX_VALUE.test(value))
      problems.push(`${name} is a value of the sandbox, which everybody knows`)
  }
  for (const name of [
    'WECOM_API_BASE',
    'WECHAT_API_BASE',
    'WECHAT_OPEN_BASE',
    'ERP_BASE_URL',
  ] as const) {
    if (env[name]?.startsWith('http://') === true)
      problems.push(`${name} must be https:// when NODE_ENV=production`)
  }
  return problems
}

const OFFICIAL = ['OFFICIAL_APP_ID', 'OFFICIAL_APP_SECRET', 'OFFICIAL_TOKEN'] as const
type Official = Record<(typeof OFFICIAL)[number], string>

const hasOfficial = (env: Environment): env is Environment & Official =>
  OFFICIAL.every((name) => env[name] !== undefined)

type Group = {
  called: string
  needs: readonly (keyof typeof WHY & keyof Environment)[]
  isBegun?: (env: Environment) => boolean
}
const GROUPS: readonly Group[] = [
  { called: 'WECHAT_PUSH_*', needs: ['WECHAT_PUSH_TOKEN', 'WECHAT_PUSH_AES_KEY'] },
  {
    called: 'ERP_*',
    needs: ['ERP_BASE_URL', 'ERP_USERNAME', 'ERP_PASSWORD', 'ERP_SERIAL'],
    isBegun: ({ ERP_SYNC: sync, ERP_SCORE_THRESHOLD: threshold }) =>
      sync === 'on' || threshold !== undefined,
  },
]

/** All or none. */
function groupProblems(
  env: Environment,
  { called, needs, isBegun = () => false }: Group,
): string[] {
  if (!isBegun(env) && needs.every((name) => env[name] === undefined)) return []
  return needs
    .filter((name) => env[name] === undefined)
    .map((name) => `${name} is missing: ${called} are given together or not at all (${WHY[name]})`)
}

/** All or none. Without a key the pushes come in plain mode, whose signature does not cover the body: anybody could write any message. */
function officialProblems(env: Environment): string[] {
  const isBegun = env.OFFICIAL_AES_KEY !== undefined
  const missing = groupProblems(env, {
    called: 'OFFICIAL_*',
    needs: OFFICIAL,
    isBegun: () => isBegun,
  })
  if (!isBegun && OFFICIAL.every((name) => env[name] === undefined)) return []
  if (env.NODE_ENV !== 'production' || env.OFFICIAL_AES_KEY !== undefined) return missing
  return [
    ...missing,
    `OFFICIAL_AES_KEY is missing: plain mode is refused when NODE_ENV=production, because its signature does not cover the message (${WHY.OFFICIAL_AES_KEY})`,
  ]
}

const NIGHT = { from: '21:00', to: '08:00' }

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
    databasePrepare: env.DATABASE_PREPARE,
    logLevel: env.LOG_LEVEL,
    secretKey: env.SECRET_KEY,
    adminKey: env.ADMIN_KEY,
    proxies: env.TRUST_PROXY_HOPS ?? 0,
    sessionHours: env.SESSION_HOURS,
    timeZone: env.TIME_ZONE,
    wecom: {
      baseUrl: env.WECOM_API_BASE,
      openBaseUrl:
        env.WECHAT_OPEN_BASE ??
        (kind === 'sandbox'
          ? env.WECHAT_API_BASE.replace(/\/weixin$/, '/open')
          : 'https://open.weixin.qq.com'),
      corpId: env.WEWORK_CORP_ID,
      agentId: env.WEWORK_AGENT_ID,
      contactSecret: env.WEWORK_CONTACT_SECRET,
      kfSecret: env.WEWORK_KF_SECRET ?? env.WEWORK_CONTACT_SECRET,
      openKfId: env.WEWORK_KF_OPEN_KFID,
      serviceHours: env.KF_SERVICE_HOURS,
      contactCallback: {
        token: env.WEWORK_CALLBACK_TOKEN,
        encodingAesKey: env.WEWORK_CALLBACK_AES_KEY,
      },
      kfCallback: {
        token: env.WEWORK_KF_CALLBACK_TOKEN ?? env.WEWORK_CALLBACK_TOKEN,
        encodingAesKey: env.WEWORK_KF_CALLBACK_AES_KEY ?? env.WEWORK_CALLBACK_AES_KEY,
      },
    },
    weixin: {
      baseUrl: env.WECHAT_API_BASE,
      appId: env.WECHAT_APP_ID,
      appSecret: env.WECHAT_APP_SECRET,
    },
    /** null: there is no official account. */
    official: hasOfficial(env)
      ? {
          appId: env.OFFICIAL_APP_ID,
          appSecret: env.OFFICIAL_APP_SECRET,
          token: env.OFFICIAL_TOKEN,
          encodingAesKey: env.OFFICIAL_AES_KEY,
        }
      : null,
    // Beside a sandbox nobody sleeps, and who tries the product in the evening wants to see the message.
    staff: {
      notifyUserIds: env.STAFF_NOTIFY_USERIDS,
      quiet:
        env.STAFF_QUIET_HOURS === undefined
          ? kind === 'sandbox'
            ? null
            : NIGHT
          : env.STAFF_QUIET_HOURS,
    },
    policy: {
      trustPhoneClaim: env.BINDING_TRUST_PHONE_CLAIM,
      phoneButton: env.BINDING_PHONE_BUTTON,
      officialReplyLimit: env.OFFICIAL_REPLY_LIMIT,
    },
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}
