import type { Config } from '../../server/config.ts'
import { createHttpClient } from '../../server/lib/http-client.ts'
import { createLog } from '../../server/lib/log.ts'
import { createOfficial } from '../../server/outside/weixin/official.ts'
import { createWeixinCall } from '../../server/outside/weixin/weixin.call.ts'
import { OFFICIAL_ACCOUNT, toFinding } from './failures.ts'
import { createOwnTokens } from './own-tokens.ts'
import { ok, warn, type Finding, type Words } from './report.ts'
import { examineFollowers } from './unionid.ts'

const ACCOUNT: Words = ['公众号', 'official account']
const SECRET: Words = ['公众号 AppSecret', 'OFFICIAL_APP_SECRET']
const MODE: Words = ['公众号加解密', 'OFFICIAL_AES_KEY']
const UNIONID: Words = ['公众号 unionid', 'unionid of the official account']

/** The account's own half; what it pushes is looked at where the other callbacks are. `followers`: openids that were heard of lately. */
export async function examineOfficialAccount(
  { official, weixin }: Config,
  followers: readonly string[],
): Promise<Finding[]> {
  if (official === null)
    return [ok(ACCOUNT, ['没有配置，不使用', 'OFFICIAL_* is not set: not used'])]
  const options = {
    ...official,
    baseUrl: weixin.baseUrl,
    tokens: createOwnTokens(),
    log: createLog({ level: 'silent' }),
  }
  const http = createHttpClient({ baseUrl: weixin.baseUrl, timeoutMs: 8_000 })
  const account = createOfficial(options)
  try {
    await createWeixinCall({ ...options, http }).read('/cgi-bin/get_api_domain_ip')
    return [
      ok(SECRET, ['正确', 'stable_token works']),
      judgeMode(official.encodingAesKey),
      await sampleUnionIds(account, followers).catch((error: unknown) =>
        toFinding(UNIONID, error, OFFICIAL_ACCOUNT),
      ),
    ]
  } catch (error) {
    return [toFinding(SECRET, error, OFFICIAL_ACCOUNT), judgeMode(official.encodingAesKey)]
  } finally {
    await Promise.all([http.close(), account.close()])
  }
}

function judgeMode(key: string | undefined): Finding {
  if (key !== undefined) return ok(MODE, ['安全模式', 'safe mode; pushes in the clear are refused'])
  return warn(
    MODE,
    [
      '没有填写：明文模式，推送可以被伪造',
      'not set: in plain mode whoever has seen one push can write others',
    ],
    [
      '公众号后台 → 开发接口管理 → 服务器配置：选「安全模式」，把 EncodingAESKey 填入 OFFICIAL_AES_KEY',
      'choose 安全模式 in the server configuration of the account and set OFFICIAL_AES_KEY',
    ],
  )
}

/** Who does not follow any more is told without unionid, so he says nothing about the account. */
async function sampleUnionIds(
  account: Pick<ReturnType<typeof createOfficial>, 'userInfo'>,
  followers: readonly string[],
): Promise<Finding> {
  let [asked, withUnionId] = [0, 0]
  for (const openid of followers) {
    const user = await account.userInfo(openid)
    if (user.kind === 'refused' && user.reason === 'not_authorized') return notAuthorized()
    if (user.kind === 'refused' || !user.subscribed) continue
    asked += 1
    if (user.unionid !== undefined) withUnionId += 1
  }
  return examineFollowers({ asked, withUnionId })
}

const notAuthorized = (): Finding =>
  warn(
    UNIONID,
    [
      '48001：公众号没有「获取用户基本信息」权限，拿不到 unionid，公众号里不会绑定',
      '48001: the account may not ask who its followers are: nobody is bound there by unionid',
    ],
    [
      '完成微信认证（订阅号、服务号都需要）；客服消息接口同样需要认证，未认证时设置 OFFICIAL_REPLY_LIMIT=0',
      'have the account verified (微信认证); customer-service messages need it too: until then set OFFICIAL_REPLY_LIMIT=0',
    ],
  )
