import { describe, expect, test } from '@jest/globals'
import { sandboxCredentials as known } from '../sandbox/base/credentials.ts'
import { OFFICIAL, townEnvironment, useTown, type Town } from '../../server/test/town.ts'
import { examine } from './examine.ts'
import { toPasteLines } from './paste.ts'
import { createReport } from './report.ts'

const { OFFICIAL_AES_KEY: _, ...PLAIN } = OFFICIAL
const town = useTown(OFFICIAL)
const plain = useTown(PLAIN)
const without = useTown()

/** What the doctor says of the official account; its lines begin with the level. */
async function visit(changes: Record<string, string> = {}, at: Town = town()) {
  const lines: string[] = []
  const env = {
    ...townEnvironment(at.sandbox.url, at.database.connectionString),
    ...OFFICIAL,
    PUBLIC_BASE_URL: at.address,
    ...changes,
  }
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const report = createReport((line) => lines.push(line), present)
  const ips = await examine(present, 'sandbox', report)
  for (const line of toPasteLines(present, 'sandbox', ips)) report.print(line)
  const about = lines.filter((line) => /^(?:ok|warn|FAIL) /.test(line) && /公众号/.test(line))
  return { about, text: lines.join('\n') }
}

async function follower(at: Town = town(), options: { unionid?: boolean } = {}): Promise<void> {
  const customer = await at.people.arrive(options)
  await customer.followOfficial()
  await at.settle()
}

describe('a healthy official account', () => {
  test('is green, says what to paste where, and tells no secret', async () => {
    await follower()
    const { about, text } = await visit()
    expect(about.map((line) => line.replace(/\d+ ms/, 'n ms'))).toEqual([
      'ok    公众号 AppSecret OFFICIAL_APP_SECRET：正确 (stable_token works)',
      'ok    公众号加解密 OFFICIAL_AES_KEY：安全模式 (safe mode; pushes in the clear are refused)',
      'ok    公众号 unionid unionid of the official account：可以取得 (there: 1 of 1 looked at)',
      'ok    公众号回调 callback /api/wechat/message：正常 (echoed in n ms)',
    ])
    expect(text).toContain(`URL             ${town().address}/api/wechat/message`)
    expect(text).toMatch(/消息加解密方式 +安全模式/)
    for (const secret of [known.officialAppSecret, known.officialToken, known.officialAesKey])
      expect(text).not.toContain(secret)
  })

  test('none is none', async () => {
    const { about, text } = await visit(
      Object.fromEntries(Object.keys(OFFICIAL).map((name) => [name, ''])),
      without(),
    )
    expect(about).toEqual([expect.stringMatching(/^ok .*没有配置，不使用/)])
    expect(text).not.toContain('/api/wechat/message')
  })

  test('in plain mode is warned about, and rung in the clear', async () => {
    const { about, text } = await visit({ OFFICIAL_AES_KEY: '' }, plain())
    expect(about).toEqual([
      expect.stringMatching(/^ok .*AppSecret/),
      expect.stringMatching(/^warn .*明文模式，推送可以被伪造/),
      expect.stringMatching(/^warn .*还没有客户可以查看/),
      expect.stringMatching(/^ok .*callback/),
    ])
    expect(text).toMatch(/消息加解密方式 +明文模式/)
  })
})

describe('what is wrong is named, with what to do', () => {
  test.each<[string, Record<string, string>, RegExp, RegExp]>([
    [
      'a wrong secret',
      { OFFICIAL_APP_SECRET: '0'.repeat(32) },
      /^FAIL .*OFFICIAL_APP_SECRET：40125/,
      /→ 公众号后台 → 设置与开发 → 开发接口管理：重新复制/,
    ],
    [
      'a wrong AppID',
      { OFFICIAL_APP_ID: 'wx0000000000000000' },
      /^FAIL .*OFFICIAL_APP_SECRET：40013/,
      /→ 公众号后台/,
    ],
    [
      'another Token than the running server has',
      { OFFICIAL_TOKEN: 'SomethingElse' },
      /^FAIL .*wechat\/message：.*另外的 Token/,
      /→ 修改 \.env 后要重启服务/,
    ],
    ['another key', { OFFICIAL_AES_KEY: 'b'.repeat(43) }, /^FAIL .*wechat\/message：/, /→ /],
    [
      'no key where the server has one',
      { OFFICIAL_AES_KEY: '' },
      /^warn .*明文模式/,
      /→ .*OFFICIAL_AES_KEY/,
    ],
  ])('%s', async (_, changes, line, advice) => {
    const { about, text } = await visit(changes)
    expect(about).toContainEqual(expect.stringMatching(line))
    expect(text).toMatch(advice)
  })

  test('an address that is not on the list, each console by its own name', async () => {
    await town().control.post('/_sandbox/faults', {
      endpoints: [{ path: 'get_api_domain_ip', errcode: 40164, times: 2 }],
    })
    const { about, text } = await visit()
    expect(about).toContainEqual(
      expect.stringMatching(/^FAIL .*40164：本服务器的 IP 不在公众号的 IP 白名单中/),
    )
    expect(text).toMatch(/→ 公众号后台 → 设置与开发 → 开发接口管理 → IP白名单：添加这个 IP/)
    expect(text).toMatch(/→ 小程序后台 → 开发管理 → 开发设置 → IP白名单：添加这个 IP/)
  })

  test('a running server without the account', async () => {
    const { about } = await visit({}, without())
    expect(about).toContainEqual(expect.stringMatching(/^FAIL .*那里的服务没有启用这个回调/))
  })

  test('followers without unionid, and an account that may not ask', async () => {
    await follower(town(), { unionid: false })
    expect((await visit()).about).toContainEqual(
      expect.stringMatching(/^warn .*1 位客户都没有。没有 unionid 时，公众号里查不到进度/),
    )
    await town().control.post('/_sandbox/faults', {
      endpoints: [{ path: 'user/info', errcode: 48001, times: 1 }],
    })
    const { about, text } = await visit()
    expect(about).toContainEqual(expect.stringMatching(/^warn .*48001/))
    expect(text).toContain('OFFICIAL_REPLY_LIMIT=0')
    await town().control.post('/_sandbox/faults', {
      endpoints: [{ path: 'user/info', errcode: 45009, times: 1 }],
    })
    expect((await visit()).about).toContainEqual(
      expect.stringMatching(/^FAIL .*unionid.*微信拒绝了请求/),
    )
  })
})
