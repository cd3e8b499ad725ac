import { randomBytes } from 'node:crypto'
import type { Config } from '../../server/config.ts'
import { createCallbackCrypto } from '../../server/lib/callback-crypto.ts'
import { createOfficialCallback } from '../../server/outside/weixin/official.callback.ts'
import type { World } from '../start/world.ts'
import { reasonOf } from './clock.ts'
import { fail, ok, warn, type Finding, type Words } from './report.ts'

const ADDRESS: Words = ['公网地址', 'PUBLIC_BASE_URL']
/** The platform saves an address only when its check is answered within a second. */
const ECHO_WITHIN_MS = 1_000

const CALLBACKS = [
  {
    path: '/api/wework/callback',
    pair: 'contactCallback',
    topic: ['应用回调', 'callback /api/wework/callback'],
  },
  {
    path: '/api/wechat-work/message',
    pair: 'kfCallback',
    topic: ['客服回调', 'callback /api/wechat-work/message'],
  },
] as const

const PUSH = {
  path: '/api/wechat/miniprogram',
  topic: ['小程序消息推送回调', 'callback /api/wechat/miniprogram'],
} as const
const OFFICIAL = {
  path: '/api/wechat/message',
  topic: ['公众号回调', 'callback /api/wechat/message'],
} as const

/** What the address of WeCom's callbacks is rung with. */
const OF_WECOM = ['WEWORK_CORP_ID', 'WEWORK_CALLBACK_TOKEN', 'WEWORK_CALLBACK_AES_KEY'] as const

type About = { world: World; lacking: ReadonlySet<string> }

/** Rings the callbacks from outside, as the consoles do when an address is saved. */
export async function examinePublicAddress(
  config: Config,
  { world, lacking }: About,
): Promise<Finding[]> {
  const base = config.publicBaseUrl
  if (base === undefined) {
    return [
      warn(
        ADDRESS,
        ['没有设置，回调没有检查', 'not set, so the callbacks were not checked'],
        [
          '在 .env 中填写，例如 https://progress.example.com',
          'set it in .env, e.g. https://progress.example.com',
        ],
      ),
    ]
  }
  const rung = await Promise.all([
    ...(OF_WECOM.some((name) => lacking.has(name)) ? [] : CALLBACKS).map(({ path, pair, topic }) =>
      ring(base + path, topic, sealEcho({ ...config.wecom[pair], receiveId: config.wecom.corpId })),
    ),
    ...(config.push && !lacking.has('WECHAT_APP_ID')
      ? [ring(base + PUSH.path, PUSH.topic, sealOfficialEcho(config.push))]
      : []),
    ...(config.official
      ? [ring(base + OFFICIAL.path, OFFICIAL.topic, sealOfficialEcho(config.official))]
      : []),
  ])
  return [judgeAddress(base, world), ...rung]
}

/** The mini-program accepts only https, a name, and a port that is written the same everywhere. */
function judgeAddress(base: string, world: World): Finding {
  const { protocol, hostname, origin, pathname } = new URL(base)
  if (pathname !== '/')
    return fail(
      ADDRESS,
      [
        `不能带路径：${pathname}`,
        `${base} has a path: the files of the consoles, /staff/ and /api/ must lie at the root of the name`,
      ],
      [`改成 ${origin}，给它一个自己的域名`, `set ${origin}; give it a name of its own`],
    )
  if (world === 'sandbox') return ok(ADDRESS, [`沙箱：${base}`, 'the sandbox needs no https'])
  const use: Words = [
    '使用有有效证书、已 ICP 备案的 https 域名',
    'use an https name with a valid certificate and an ICP filing',
  ]
  if (protocol !== 'https:')
    return fail(
      ADDRESS,
      ['不是 https，小程序不能访问', `${base} is not https: the mini-program may not call it`],
      use,
    )
  if (/^[\d.]+$|:|^localhost$/.test(hostname))
    return fail(
      ADDRESS,
      ['必须是域名，不能是 IP 或 localhost', `${hostname} is no domain name`],
      use,
    )
  return ok(ADDRESS, [
    `https；小程序 request 合法域名填 ${origin}`,
    `https; the request domain of the mini-program is ${origin}`,
  ])
}

type Keys = { token: string; encodingAesKey: string; receiveId: string }

/** What is asked, and the word that only a server with the same keys answers. */
type Echo = { word: string; query: Record<string, string> }
const newWord = (): string => randomBytes(8).toString('hex')
const newEnvelope = () => ({
  timestamp: String(Math.floor(Date.now() / 1000)),
  nonce: randomBytes(6).toString('hex'),
})

function sealEcho(keys: Keys): Echo {
  const word = newWord()
  const envelope = newEnvelope()
  const { encrypt, signature } = createCallbackCrypto(keys).seal(word, envelope)
  return { word, query: { msg_signature: signature, ...envelope, echostr: encrypt } }
}

type WeixinKeys = Pick<NonNullable<Config['official']>, 'appId' | 'token' | 'encodingAesKey'>

/** The official account's console asks in the clear, which would prove the Token alone: with a key it is asked as WeCom asks. */
function sealOfficialEcho({ appId, token, encodingAesKey }: WeixinKeys): Echo {
  if (encodingAesKey !== undefined) return sealEcho({ token, encodingAesKey, receiveId: appId })
  const word = newWord()
  return {
    word,
    query: {
      ...createOfficialCallback({ appId, token }).seal({}, newEnvelope()).query,
      echostr: word,
    },
  }
}

async function ring(url: string, topic: Words, { word, query }: Echo): Promise<Finding> {
  const began = performance.now()
  try {
    const answer = await fetch(`${url}?${new URLSearchParams(query).toString()}`, {
      signal: AbortSignal.timeout(8_000),
      redirect: 'manual',
    })
    const text = await answer.text()
    if (answer.status === 200 && text === word) return judgeTime(topic, performance.now() - began)
    return refused(topic, url, { status: answer.status, text })
  } catch (error) {
    return fail(
      topic,
      ['连接不上', `no connection to ${url}: ${reasonOf(error)}`],
      [
        '确认服务已启动，域名、证书、反向代理和防火墙都指向它；有些路由器不允许从内网访问自己的公网地址，那就换一台外网机器运行',
        'is the server running, and do name, certificate, proxy and firewall lead to it? Some routers cannot reach their own public address from inside: then run this elsewhere',
      ],
    )
  }
}

function judgeTime(topic: Words, tookMs: number): Finding {
  const took = `${String(Math.round(tookMs))} ms`
  if (tookMs <= ECHO_WITHIN_MS) return ok(topic, ['正常', `echoed in ${took}`])
  return warn(
    topic,
    ['正常，但太慢', `echoed, but in ${took}`],
    ['企业微信保存回调时要求 1 秒内应答', 'WeCom saves an address only when it answers within 1 s'],
  )
}

const CODES: Record<string, readonly [says: Words, todo: Words]> = {
  'callback.bad_signature': [
    [
      '那里的服务使用另外的 Token 或 EncodingAESKey',
      'the server there has another Token or EncodingAESKey',
    ],
    [
      '修改 .env 后要重启服务；多台服务器的变量要一致',
      'restart the server after a change of .env; all servers need the same values',
    ],
  ],
  // The signature is of the Token alone.
  'callback.malformed': [
    [
      '那里的服务 Token 相同，EncodingAESKey 不同',
      'the server there has the same Token and another EncodingAESKey',
    ],
    [
      '把控制台里的 EncodingAESKey 再复制一次（43 个字符），修改 .env 后要重启服务',
      'copy EncodingAESKey (43 characters) from the console again, and restart the server after a change of .env',
    ],
  ],
  'callback.stale': [
    ['那里的服务时钟不准', 'the clock of the server there is wrong'],
    ['用 NTP 校时', 'keep it in time with NTP'],
  ],
  'callback.bad_receiver': [
    [
      '那里的服务属于另一个企业或公众号',
      'the server there belongs to another corp or official account',
    ],
    [
      '检查那里的 WEWORK_CORP_ID、OFFICIAL_APP_ID',
      'check WEWORK_CORP_ID and OFFICIAL_APP_ID there',
    ],
  ],
  'request.unknown_route': [
    ['那里的服务没有启用这个回调', 'the server there does not take this callback'],
    [
      '公众号：在那里的 .env 填写 OFFICIAL_* 并重启服务；其他回调：更新那里的版本',
      'official account: set OFFICIAL_* in .env there and restart; any other: bring the version there up to date',
    ],
  ],
}

type Answer = { status: number; text: string }

function refused(topic: Words, url: string, { status, text }: Answer): Finding {
  const code = /"code":"(callback\.\w+|request\.unknown_route)"/.exec(text)?.[1] ?? ''
  const known = CODES[code]
  if (known) return fail(topic, ...known)
  return fail(
    topic,
    [
      `应答不是本产品的（状态 ${String(status)}）`,
      `${url} answered ${String(status)}, and not as this product does`,
    ],
    [
      '反向代理要把 /api/ 原样转发给服务，不能重定向、登录拦截或改写',
      'the proxy must hand /api/ on as it is: no redirect, no sign-in page, no rewriting',
    ],
  )
}
