import type { Config } from '../../server/config.ts'
import { createHttpClient } from '../../server/lib/http-client.ts'
import { createLog } from '../../server/lib/log.ts'
import { createWeixinCall } from '../../server/outside/weixin/weixin.call.ts'
import { toFinding } from './failures.ts'
import { createOwnTokens } from './own-tokens.ts'
import { ok, type Finding, type Words } from './report.ts'

const MINI_PROGRAM: Words = ['小程序 AppSecret', 'WECHAT_APP_SECRET']

/** stable_token proves AppID and AppSecret, a call with it the address. */
export async function examineMiniProgram({ weixin }: Config): Promise<Finding> {
  const http = createHttpClient({ baseUrl: weixin.baseUrl, timeoutMs: 8_000 })
  try {
    await createWeixinCall({
      ...weixin,
      http,
      tokens: createOwnTokens(),
      log: createLog({ level: 'silent' }),
    }).read('/cgi-bin/get_api_domain_ip')
    return ok(MINI_PROGRAM, ['正确', 'stable_token works'])
  } catch (error) {
    return toFinding(MINI_PROGRAM, error)
  } finally {
    await http.close()
  }
}
