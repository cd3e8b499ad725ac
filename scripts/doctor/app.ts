import type { Config } from '../../server/config.ts'
import type { JsonObject } from '../../server/lib/http-client.ts'
import type { WecomCall } from '../../server/outside/wecom/wecom.call.ts'
import { isErrcode, WECOM_ERRCODE } from '../../server/outside/wecom/wecom.errors.ts'
import { integer, items, object, text } from '../../server/outside/wecom/wecom.read.ts'
import { reasonOf } from './clock.ts'
import { fail, ok, warn, type Finding, type Words } from './report.ts'

const APP: Words = ['自建应用', 'self-built app']
const DOMAIN: Words = ['可信域名', 'trusted domain']
const HOME: Words = ['应用主页设置', 'home page in the console']
/** No app has this AgentId, or another one than the Secret is of. */
const ANOTHER_APP = [40056, 301002] as const

type App = Pick<Config, 'publicBaseUrl'> & Pick<Config['wecom'], 'agentId'>

/**
 * The app as its page in the console has it, which WeCom tells an app of itself alone. What it tells is advice: whether a page
 * opens in the client only a phone can show. https://developer.work.weixin.qq.com/document/path/90227
 */
export async function examineApp(
  call: Pick<WecomCall, 'read'>,
  { agentId, publicBaseUrl }: App,
): Promise<Finding[]> {
  try {
    const app = await call.read('/cgi-bin/agent/get', { agentid: String(agentId) })
    const pages = publicBaseUrl === undefined ? [] : judgePages(app, publicBaseUrl)
    return [judgeApp(app), ...pages]
  } catch (error) {
    if (isErrcode(error, WECOM_ERRCODE.untrustedIp)) return [] // every call is refused so, which has been told
    return [isErrcode(error, ...ANOTHER_APP) ? anotherApp(error.errcode) : notTold(error)]
  }
}

const anotherApp = (errcode: number): Finding =>
  fail(
    APP,
    [
      `${String(errcode)}：AgentId 和 Secret 不是同一个应用的`,
      `${String(errcode)}: WEWORK_AGENT_ID and WEWORK_CONTACT_SECRET are not of one app`,
    ],
    [
      '在应用详情页重新复制 AgentId 到 WEWORK_AGENT_ID',
      "copy AgentId again from the app's page to WEWORK_AGENT_ID",
    ],
  )

const notTold = (error: unknown): Finding =>
  warn(
    APP,
    ['企业微信没有告知应用的设置', error instanceof Error ? error.message : reasonOf(error)],
    [
      '可见范围、可信域名和应用主页请在控制台核对（docs/connecting.md 第 1、6 步）',
      'compare visible range, trusted domain and home page in the console (docs/connecting.md, steps 1 and 6)',
    ],
  )

function judgeApp(app: JsonObject): Finding {
  if (integer(app, 'close') === 1)
    return fail(
      APP,
      ['应用已停用', 'the app is switched off'],
      ['应用管理 → 应用 → 启用', 'switch it on under 应用管理 → the app'],
    )
  const [members, departments, tags] = [
    items(object(app, 'allow_userinfos'), 'user').length,
    items(object(app, 'allow_partys'), 'partyid').length,
    items(object(app, 'allow_tags'), 'tagid').length,
  ]
  if (members + departments + tags === 0)
    return warn(
      APP,
      ['可见范围是空的，找不到任何客户', 'nobody is in its visible range: no customer is found'],
      [
        '应用管理 → 自建应用 → 可见范围：加入所有销售和客服接待人员',
        'add all sales staff and kf servicers to the visible range of the app',
      ],
    )
  return ok(APP, [
    `AgentId 正确；可见范围 ${String(members)} 人、${String(departments)} 个部门、${String(tags)} 个标签`,
    `visible to ${String(members)} members, ${String(departments)} departments, ${String(tags)} tags; whether all sales staff are among them only you know`,
  ])
}

/** Hosts with their port, as the console takes them. */
function judgePages(app: JsonObject, base: string): Finding[] {
  const { host } = new URL(base)
  const [trusted, home] = [text(app, 'redirect_domain'), text(app, 'home_url')]
  const isOurs = home === `${base}/staff` || home?.startsWith(`${base}/staff/`) === true
  return [
    trusted?.toLowerCase() === host
      ? ok(DOMAIN, [host, 'the host of PUBLIC_BASE_URL'])
      : warn(
          DOMAIN,
          [
            trusted === undefined ? '没有设置' : `控制台里是 ${trusted}，不是 ${host}`,
            trusted === undefined
              ? 'not set: the pages of members do not open'
              : `the console has ${trusted}, and PUBLIC_BASE_URL ${host}: the pages of members do not open`,
          ],
          [
            `应用管理 → 自建应用 → 网页授权及JS-SDK → 设置可信域名：${host}`,
            `the app's page → 网页授权及JS-SDK → 设置可信域名: ${host}`,
          ],
        ),
    home !== undefined && isOurs
      ? ok(HOME, [home, 'the list of members'])
      : warn(
          HOME,
          [
            home === undefined ? '没有设置' : `控制台里是 ${home}`,
            home === undefined ? 'not set' : `the console has ${home}`,
          ],
          [
            `应用管理 → 自建应用 → 应用主页 → 网页：${base}/staff/`,
            `the app's page → 应用主页 → 网页: ${base}/staff/`,
          ],
        ),
  ]
}
