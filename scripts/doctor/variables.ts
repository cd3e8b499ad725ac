import { readConfig, type Config } from '../../server/config.ts'
import { ConfigRefused } from '../../server/lib/environment.ts'
import type { Environment } from '../checkout/environment.ts'
import type { World } from '../start/world.ts'
import { ok, warn, type Finding, type Words } from './report.ts'

const TOPIC: Words = ['环境变量', 'variables']

/** Without DATABASE_URL the database is the embedded one, and whoever calls us has said how that stands. */
const EMBEDDED: Environment = { DATABASE_URL: 'postgres://embedded.invalid/none' }
/** What the steps of docs/connecting.md fill in one after the other: its lack keeps the server from starting, but not the doctor from looking at the rest. */
const STAND_INS = {
  SECRET_KEY: 'the doctor looks, and writes nothing',
  TRUST_PROXY_HOPS: '0',
  WEWORK_CORP_ID: 'none',
  WEWORK_AGENT_ID: '1',
  WEWORK_CONTACT_SECRET: 'none',
  WEWORK_KF_OPEN_KFID: 'none',
  WEWORK_CALLBACK_TOKEN: 'none',
  WEWORK_CALLBACK_AES_KEY: 'none'.padEnd(43, '0'),
  WECHAT_APP_ID: 'none',
  WECHAT_APP_SECRET: 'none',
}

export type Variables = {
  config: Config | undefined
  /** Variables that are not there yet, or cannot be read: `config` has a stand-in for each, and what needs one is not asked. */
  lacking: ReadonlySet<string>
  findings: Finding[]
}

/** Every problem of the configuration, and the configuration if enough is there to go on. */
export function readVariables(given: Environment, world: World): Variables {
  const env = { ...EMBEDDED, ...given }
  const problems = problemsOf(env)
  const findings = problems.map((problem, index): Finding => ({
    level: 'FAIL',
    topic: TOPIC,
    says: ['缺少或不正确', problem],
    ...(index === problems.length - 1 && {
      todo: [
        '在 .env 中填写，每个变量的说明见 .env.example',
        'set it in .env; .env.example explains each variable',
      ] as const,
    }),
  }))
  const lacking = findLacking(env)
  const config =
    problems.length === 0
      ? readConfig(env)
      : readPartly({
          ...env,
          ...Object.fromEntries(lacking.map((name) => [name, STAND_INS[name]])),
        })
  if (problems.length === 0) findings.push(ok(TOPIC, ['齐全', 'complete']))
  if (config && world === 'real') findings.push(...adviceFor(config))
  return { config, lacking: new Set(problems.length === 0 ? [] : lacking), findings }
}

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigRefused) return error.problems
    throw error
  }
}

/** Each is looked at beside stand-ins for all others. */
const findLacking = (env: Environment): (keyof typeof STAND_INS)[] =>
  (Object.keys(STAND_INS) as (keyof typeof STAND_INS)[]).filter((name) => {
    const value = env[name] ?? ''
    return value === '' || problemsOf({ ...EMBEDDED, ...STAND_INS, [name]: value }).length > 0
  })

function readPartly(env: Environment): Config | undefined {
  return problemsOf(env).length === 0 ? readConfig(env) : undefined
}

/** What is allowed and yet seldom meant. */
function adviceFor(config: Config): Finding[] {
  const advice: Finding[] = []
  if (!config.production) {
    advice.push(
      warn(
        TOPIC,
        ['没有设置 NODE_ENV=production', 'NODE_ENV=production is not set'],
        [
          '正式环境请设置：它会拒绝沙箱凭据、默认密钥和 http:// 平台地址',
          'set it for real customers: it refuses sandbox values, default secrets and http:// platform addresses',
        ],
      ),
    )
  }
  if (config.proxies === 0 && config.publicBaseUrl?.startsWith('https://') === true) {
    advice.push(
      warn(
        TOPIC,
        [
          'PUBLIC_BASE_URL 是 https，但 TRUST_PROXY_HOPS 为 0',
          'PUBLIC_BASE_URL is https, but TRUST_PROXY_HOPS is 0',
        ],
        [
          '服务前面有反向代理时设为代理的层数（通常是 1），否则所有客户共用一个 IP 的登录限额',
          'behind a reverse proxy set the number of proxies (usually 1), else all customers share the sign-in limit of one address',
        ],
      ),
    )
  }
  if (config.policy.trustPhoneClaim) {
    advice.push(
      warn(
        TOPIC,
        [
          'BINDING_TRUST_PHONE_CLAIM=true：任何人都可以声称别人的手机号',
          'BINDING_TRUST_PHONE_CLAIM=true: anybody may claim the phone of somebody else',
        ],
        [
          '除非您接受 docs/security.md（G3）中的风险，否则设为 false',
          'set it to false, unless you accept the risk in docs/security.md, G3',
        ],
      ),
    )
  }
  return advice
}
