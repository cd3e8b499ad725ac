import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../../server/config.ts'
import { isVerificationName } from '../../server/http/verification.ts'
import type { World } from '../start/world.ts'
import { fail, ok, warn, type Finding, type Words } from './report.ts'

const HOME: Words = ['应用主页', 'home page of the app']
const DOMAIN: Words = ['域名校验文件', 'verification files']

/** What people and consoles open at the public address. Nobody there is what the callbacks have told already. */
export async function examinePages(
  config: Config,
  { world, lacking }: { world: World; lacking: ReadonlySet<string> },
): Promise<Finding[]> {
  const base = config.publicBaseUrl
  if (base === undefined) return []
  const isKnown = !lacking.has('WEWORK_CORP_ID') && !lacking.has('WEWORK_AGENT_ID')
  return [
    ...(isKnown ? await examineHome(base, config.wecom) : []),
    ...(await examineVerification(base, config.verifyFolder, world)),
  ]
}

type Page = { status: number; location: string; text: string }

const open = (url: string): Promise<Page | undefined> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(8_000) }).then(
    async (answer) => ({
      status: answer.status,
      location: answer.headers.get('location') ?? '',
      text: await answer.text(),
    }),
    () => undefined,
  )

type App = Pick<Config['wecom'], 'corpId' | 'agentId'>

/** The sign-in that the home page leads to: of which company, and back to where. */
async function examineHome(base: string, app: App): Promise<Finding[]> {
  const page = await open(`${base}/staff/login`)
  if (!page) return []
  if (page.status === 503 && page.text.includes('PUBLIC_BASE_URL'))
    return [
      fail(
        HOME,
        ['那里的服务没有设置 PUBLIC_BASE_URL', 'PUBLIC_BASE_URL is not set at the server there'],
        ['在那里的 .env 填写并重启服务', 'set it in .env there and restart the server'],
      ),
    ]
  if (page.status !== 302 || !URL.canParse(page.location)) return [notOurs(base, page.status)]
  return [judgeSignIn(base, new URL(page.location).searchParams, app)]
}

const notOurs = (base: string, status: number): Finding =>
  fail(
    HOME,
    [
      `打不开（状态 ${String(status)}）`,
      `${base}/staff/ answered ${String(status)}, and not as this product does`,
    ],
    [
      '反向代理要把 /staff/ 和 /api/ 原样转发给服务',
      'the proxy must hand /staff/ and /api/ on to the server as they are',
    ],
  )

function judgeSignIn(base: string, signIn: URLSearchParams, { corpId, agentId }: App): Finding {
  const back = signIn.get('redirect_uri') ?? ''
  if (signIn.get('appid') !== corpId || signIn.get('agentid') !== String(agentId))
    return fail(
      HOME,
      [
        '登录用的是另一个企业或应用',
        'members would sign in to another corp or app than WEWORK_CORP_ID and WEWORK_AGENT_ID',
      ],
      [
        '检查那里的 WEWORK_CORP_ID、WEWORK_AGENT_ID 并重启服务',
        'check WEWORK_CORP_ID and WEWORK_AGENT_ID there, and restart the server',
      ],
    )
  const returnsTo = URL.canParse(back) ? new URL(back).origin : back
  if (returnsTo !== new URL(base).origin)
    return fail(
      HOME,
      [`登录后会回到 ${returnsTo}`, `after the sign-in members come back to ${returnsTo}`],
      [
        '那里的 PUBLIC_BASE_URL 改成同一个地址并重启服务：企业微信只让人回到应用的可信域名',
        'set the same PUBLIC_BASE_URL there and restart the server: WeCom lets people back to the trusted domain only',
      ],
    )
  return ok(HOME, [
    `${base}/staff/ 会去企业微信登录再回来；可信域名是否设好，只有手机能看出来`,
    "leads to WeCom's sign-in and back; whether the domain is trusted only a phone can show",
  ])
}

const WHERE: Words = [
  '把控制台下载的 WW_verify_*.txt、MP_verify_*.txt 放进 DATA_DIR/verify/（不用改名，不用重启），再在控制台点确认；已经由反向代理提供的不用管',
  'put the WW_verify_*.txt or MP_verify_*.txt of the console into DATA_DIR/verify/ as it is (no restart), then confirm in the console; never mind if the proxy serves it',
]

async function examineVerification(base: string, folder: string, world: World): Promise<Finding[]> {
  const names = await readdir(folder).catch(() => [])
  const [files, others] = [
    names.filter(isVerificationName),
    names.filter((name) => !isVerificationName(name)),
  ]
  const findings: Finding[] =
    others.length === 0
      ? []
      : [
          warn(
            DOMAIN,
            [
              `${others.join('、')} 不是校验文件的名字，不会提供`,
              `not served, because verification files have other names: ${others.join(', ')}`,
            ],
            WHERE,
          ),
        ]
  if (files.length === 0) return [...findings, nothingThere(world)]
  const missed = await findMissed(base, folder, files)
  if (missed === undefined) return findings
  return [...findings, missed.length > 0 ? notServed(base, missed) : served(files)]
}

const nothingThere = (world: World): Finding =>
  world === 'sandbox'
    ? ok(DOMAIN, ['沙箱不需要', 'the sandbox needs none'])
    : warn(DOMAIN, ['DATA_DIR/verify/ 里没有', 'none in DATA_DIR/verify'], WHERE)

const served = (files: readonly string[]): Finding =>
  ok(DOMAIN, [`可以访问：${files.join('、')}`, 'answered at the root as they lie there'])

const notServed = (base: string, files: readonly string[]): Finding =>
  fail(
    DOMAIN,
    [
      `${files.join('、')} 从公网访问不到，或内容不一样`,
      `not answered at ${base}/, or not as they lie here: ${files.join(', ')}`,
    ],
    [
      '反向代理要把根路径下的这些文件也转发给服务；放文件的那台机器就是运行服务的机器；文件要让服务的账号可读、不超过 1 KB、不是链接',
      'the proxy must hand these on too; they must lie on the machine of the server, readable for its account, at most 1 KB, no links',
    ],
  )

/** Those that do not come as they lie here; undefined: nobody answers at all. */
async function findMissed(
  base: string,
  folder: string,
  files: readonly string[],
): Promise<string[] | undefined> {
  const pages = await Promise.all(files.map((name) => open(`${base}/${name}`)))
  if (pages.every((page) => page === undefined)) return undefined
  const texts = await Promise.all(
    files.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => undefined)),
  )
  return files.filter((_, at) => pages[at]?.status !== 200 || pages[at].text !== texts[at])
}
