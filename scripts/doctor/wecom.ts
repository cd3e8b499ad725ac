import type { Config } from '../../server/config.ts'
import { createHttpClient } from '../../server/lib/http-client.ts'
import { createLog } from '../../server/lib/log.ts'
import { BIND_SCENE } from '../../server/features/kf/kf.rules.ts'
import { createWecom, type Wecom } from '../../server/outside/wecom/wecom.ts'
import { createWecomCall, type WecomCall } from '../../server/outside/wecom/wecom.call.ts'
import { objects, text, texts } from '../../server/outside/wecom/wecom.read.ts'
import type { World } from '../start/world.ts'
import { examineApp } from './app.ts'
import { toFinding } from './failures.ts'
import { createOwnTokens } from './own-tokens.ts'
import { fail, ok, warn, type Finding, type Words } from './report.ts'

const APP_SECRET: Words = ['应用 Secret', 'WEWORK_CONTACT_SECRET']
const KF_SECRET: Words = ['客服 Secret', 'WEWORK_KF_SECRET']
const CONTACTS: Words = ['客户联系权限', 'contact permission']
const KF: Words = ['微信客服权限', 'kf permission']
const LINK: Words = ['客服链接', 'kf link']
const SERVICERS: Words = ['接待人员', 'servicers']
const SAMPLE_MEMBERS = 5
const SAMPLE_CONTACTS = 10
const GETTOKEN = 'GET /cgi-bin/gettoken'

type Line = {
  wecom: Wecom
  appCall: WecomCall
  kfCall: WecomCall
  config: Config
  world: World
  lacking: ReadonlySet<string>
}
type Count = { asked: number; withUnionId: number }
/** `sample`: WeChat users among the contacts, and in the chat, to see whether WeCom gives their unionids on both sides. */
type WecomFindings = {
  findings: Finding[]
  sample: { contacts: Count; chats: Count }
  callbackIps: string[]
}

/** Everything the server asks of WeCom at work, asked once. `chats`: contacts who wrote lately. */
export async function examineWecom(
  config: Config,
  { chats, ...about }: { chats: readonly string[] } & Pick<Line, 'world' | 'lacking'>,
): Promise<WecomFindings> {
  const tokens = createOwnTokens()
  const log = createLog({ level: 'silent' })
  const http = createHttpClient({ baseUrl: config.wecom.baseUrl, timeoutMs: 8_000 })
  const wecom = createWecom({ ...config.wecom, tokens, log })
  const callWith = (secret: string): WecomCall =>
    createWecomCall({ http, corpId: config.wecom.corpId, secret, tokens, log })
  const line = {
    ...about,
    wecom,
    config,
    appCall: callWith(config.wecom.contactSecret),
    kfCall: callWith(config.wecom.kfSecret),
  }
  try {
    const contacts = await examineContacts(line)
    const [secret, ...permission] = contacts.findings
    const isApp = secret?.level === 'ok' && !about.lacking.has('WEWORK_AGENT_ID')
    const app = isApp ? await examineApp(line.appCall, { ...config, ...config.wecom }) : []
    const kf = await examineKf(line)
    const sample = await sampleUnionIds(line, contacts.members, chats)
    return {
      findings: [...(secret ? [secret] : []), ...app, ...permission, ...kf],
      sample,
      callbackIps: await listCallbackIps(line),
    }
  } finally {
    await Promise.all([wecom.close(), http.close()])
  }
}

async function examineContacts({
  wecom,
}: Line): Promise<{ findings: Finding[]; members: string[] }> {
  try {
    const members = await wecom.contacts.followUsers()
    const seen =
      members.length > 0
        ? ok(CONTACTS, ['可以调用', `${String(members.length)} members may have contacts`])
        : warn(
            CONTACTS,
            ['可以调用，但没有一个成员有客户联系权限', 'works, but no member may have contacts'],
            [
              '客户联系 → 权限配置：把销售加入使用范围，并放进应用的可见范围',
              'add the sales staff under 客户联系 → 权限配置, and to the visible range of the app',
            ],
          )
    return { members, findings: [ok(APP_SECRET, ['正确', 'gettoken works']), seen] }
  } catch (error) {
    return { members: [], findings: secretOrPermission(APP_SECRET, CONTACTS, error) }
  }
}

/** Whether the secret or what it may do is to blame. */
function secretOrPermission(secret: Words, permission: Words, error: unknown): Finding[] {
  const isSecret =
    typeof error === 'object' &&
    error !== null &&
    'endpoint' in error &&
    error.endpoint === GETTOKEN
  return isSecret
    ? [toFinding(secret, error)]
    : [ok(secret, ['正确', 'gettoken works']), toFinding(permission, error)]
}

async function examineKf({ wecom, kfCall, config, world, lacking }: Line): Promise<Finding[]> {
  const { openKfId } = config.wecom
  try {
    const accounts = await wecom.kf.listAccounts()
    const findings = [ok(KF_SECRET, ['正确', 'gettoken works'])]
    const account = accounts.find((one) => one.openKfId === openKfId)
    if (lacking.has('WEWORK_KF_OPEN_KFID')) return [...findings, whichAccount(accounts)]
    if (!account) return [...findings, noAccount(openKfId, accounts)]
    if (!account.managed) {
      return [
        ...findings,
        fail(
          KF,
          [
            `这个应用没有客服账号「${account.name}」的管理权限`,
            `the app does not manage the kf account ${account.name}`,
          ],
          [
            '微信客服 → API → 通过API管理微信客服账号：把它分配给这个应用',
            'WeCom console, 微信客服 → API → 通过API管理微信客服账号: give the account to the app',
          ],
        ),
      ]
    }
    return [
      ...findings,
      ok(KF, [`可以管理「${account.name}」`, 'the app manages WEWORK_KF_OPEN_KFID']),
      await examineLink(wecom, openKfId),
      await examineServicers({ kfCall, world }, openKfId),
    ]
  } catch (error) {
    return secretOrPermission(KF_SECRET, KF, error)
  }
}

type Account = { openKfId: string; name: string }
const namesOf = (accounts: readonly Account[]): string =>
  accounts.length === 0 ? '-' : accounts.map((one) => `${one.name} ${one.openKfId}`).join(', ')

/** Before one is chosen: the console does not always show the ids. */
const whichAccount = (accounts: readonly Account[]): Finding =>
  warn(
    KF,
    [
      `可以调用，应用能看到的客服账号：${namesOf(accounts)}`,
      `works; the accounts the app can see: ${namesOf(accounts)}`,
    ],
    [
      '把绑定专用的那一个的 open_kfid 填入 WEWORK_KF_OPEN_KFID（docs/connecting.md 第 3 步）',
      'set WEWORK_KF_OPEN_KFID to the one that is for binding (docs/connecting.md, step 3)',
    ],
  )

function noAccount(openKfId: string, accounts: readonly Account[]): Finding {
  const seen = namesOf(accounts)
  return fail(
    KF,
    [
      `看不到客服账号 ${openKfId}`,
      `WEWORK_KF_OPEN_KFID is not among the accounts the app can see: ${seen}`,
    ],
    [
      '把上面列出的正确 open_kfid 填入 WEWORK_KF_OPEN_KFID；列表为空时，先在 微信客服 → API 里把客服账号分配给这个应用',
      'set WEWORK_KF_OPEN_KFID to one of these; if there is none, give the account to the app under 微信客服 → API',
    ],
  )
}

/** With a scene WeCom lets a nonce be appended: without one the link would bind nobody. */
async function examineLink(wecom: Wecom, openKfId: string): Promise<Finding> {
  try {
    const link = await wecom.kf.addContactWay({ openKfId, scene: BIND_SCENE })
    if (/^https?:\/\/.+\?.*=/.test(link)) return ok(LINK, ['可以生成', 'add_contact_way works'])
    return fail(
      LINK,
      ['返回的链接不能附加参数', 'the link takes no parameter'],
      ['检查 WEWORK_KF_OPEN_KFID', 'check WEWORK_KF_OPEN_KFID'],
    )
  } catch (error) {
    return toFinding(LINK, error)
  }
}

async function examineServicers(
  { kfCall, world }: Pick<Line, 'kfCall' | 'world'>,
  openKfId: string,
): Promise<Finding> {
  try {
    const servicers = objects(
      await kfCall.read('/cgi-bin/kf/servicer/list', { open_kfid: openKfId }),
      'servicer_list',
    ).filter((one) => text(one, 'userid') !== undefined)
    const onDuty = servicers.filter((one) => one['status'] === 0)
    if (onDuty.length > 0) return judgeDuty(onDuty.length, servicers.length, world)
    return ok(SERVICERS, [
      '没有人正在接待，绑定专用的客服账号应当如此',
      `none of ${String(servicers.length)} is on duty, as it should be in an account for binding: customers who ask something are told so`,
    ])
  } catch (error) {
    return toFinding(SERVICERS, error)
  }
}

/** The sandbox's servicers wait until a customer is handed to them; real ones may have him from his first word on. */
function judgeDuty(onDuty: number, all: number, world: World): Finding {
  const says: Words = [
    `${String(onDuty)} 人正在接待`,
    `${String(onDuty)} of ${String(all)} on duty`,
  ]
  if (world === 'sandbox') return ok(SERVICERS, says)
  return warn(
    SERVICERS,
    [`${says[0]}：客户的第一句话可能直接归人工，绑定码就没有自动回复`, says[1]],
    [
      '绑定用的客服账号不要安排接待人员：微信客服 → 客服账号 → 接待人员，清空；人工咨询另建一个账号（docs/connecting.md 第 3 步）',
      'leave nobody on duty in the account for binding (微信客服 → 客服账号 → 接待人员), and make another one for questions (docs/connecting.md, step 3)',
    ],
  )
}

/** A failure here has been told already. */
async function sampleUnionIds(
  { wecom }: Line,
  members: readonly string[],
  chats: readonly string[],
): Promise<WecomFindings['sample']> {
  const unionIds = new Map<string, string | undefined>()
  for (const member of members.slice(0, SAMPLE_MEMBERS)) {
    const ids = await wecom.contacts.listContactIds(member).catch(() => [])
    for (const id of ids.slice(0, SAMPLE_CONTACTS - unionIds.size)) {
      const contact = await wecom.contacts.getContact(id).catch(() => null)
      if (contact?.type === 1) unionIds.set(id, contact.unionid)
    }
  }
  const { found } =
    chats.length === 0
      ? { found: [] }
      : await wecom.kf.customers(chats).catch(() => ({ found: [] }))
  return {
    contacts: countUnionIds([...unionIds.values()]),
    chats: countUnionIds(found.map(({ unionid }) => unionid)),
  }
}

const countUnionIds = (unionIds: readonly (string | undefined)[]): Count => ({
  asked: unionIds.length,
  withUnionId: unionIds.filter((one) => one !== undefined).length,
})

const listCallbackIps = async ({ kfCall }: Line): Promise<string[]> =>
  kfCall.read('/cgi-bin/getcallbackip').then(
    (answer) => texts(answer, 'ip_list'),
    () => [],
  )
