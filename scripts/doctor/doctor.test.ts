import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { pushEnvironment } from '../sandbox/environment.ts'
import { markOf } from '../processes/lock.ts'
import { migrateDatabase } from '../../server/lib/migrate.ts'
import { S3_KEYS, startS3 } from '../../server/outside/s3/s3.scripted.ts'
import { testDatabase } from '../../server/test/database.ts'
import { freePort } from '../../server/test/free-port.ts'
import { upsertSetting } from '../../server/features/settings/settings.store.ts'
import { townEnvironment, useTown } from '../../server/test/town.ts'
import { examineClock } from './clock.ts'
import { examine } from './examine.ts'
import { findInstallation } from './installation.ts'
import { toPasteLines } from './paste.ts'
import { examineOrders } from './orders.ts'
import { createReport } from './report.ts'

/** The server says by itself where it is, and where the files of the consoles lie. */
const PORT = await freePort()
const DATA_DIR = mkdtempSync(path.join(os.tmpdir(), 'doctor-town-'))
const town = useTown({
  ...pushEnvironment,
  PORT,
  PUBLIC_BASE_URL: `http://127.0.0.1:${PORT}`,
  DATA_DIR,
})
const other = await testDatabase()
const s3 = await startS3()
const IN_S3 = {
  MEDIA_S3_ENDPOINT: s3.url,
  MEDIA_S3_BUCKET: S3_KEYS.bucket,
  MEDIA_S3_REGION: S3_KEYS.region,
  MEDIA_S3_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
  MEDIA_S3_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
}
afterAll(async () => {
  rmSync(DATA_DIR, { recursive: true })
  await s3.stop()
})

function environment(changes: Record<string, string> = {}): Record<string, string> {
  const { sandbox, database, address } = town()
  return {
    ...townEnvironment(sandbox.url, database.connectionString),
    ...pushEnvironment,
    PUBLIC_BASE_URL: address,
    DATA_DIR,
    ...changes,
  }
}

const connecting = readFileSync(
  path.resolve(import.meta.dirname, '../../docs/connecting.md'),
  'utf8',
)

/** What the doctor prints, and that the operator's page names each check; FAIL and warn lines with their advice behind them. */
async function visit(changes: Record<string, string> = {}, world: 'sandbox' | 'real' = 'sandbox') {
  const lines: string[] = []
  const env = environment(changes)
  const report = createReport((line) => lines.push(line), env)
  const ips = await examine(env, world, {
    add: (finding) => {
      expect(connecting).toContain(finding.topic[0])
      report.add(finding)
    },
  })
  for (const line of toPasteLines(env, world, ips)) report.print(line)
  report.end()
  const text = lines.join('\n')
  return {
    text,
    failed: lines.filter((line) => line.startsWith('FAIL')),
    warned: lines.filter((line) => line.startsWith('warn')),
    hasFailed: report.hasFailed(),
  }
}

async function closedPort(): Promise<number> {
  const server = createServer()
  const { port } = await new Promise<AddressInfo>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo)),
  )
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('a healthy installation', () => {
  test('is green, says what to paste where, and tells no secret', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await customer.signIn()
    await people.add('zhangsan', customer.phone)
    await settle()
    const { text, failed, warned, hasFailed } = await visit()
    expect({ failed, warned, hasFailed }).toEqual({ failed: [], warned: [], hasFailed: false })
    expect(text).toContain(`${town().address}/api/wework/callback`)
    expect(text).toContain(`${town().address}/api/wechat-work/message`)
    expect(text).toMatch(new RegExp(`网页 +${town().address}/staff/`))
    expect(text).toMatch(new RegExp(`可信域名 +127\\.0\\.0\\.1:${PORT}`))
    for (const [name, value] of Object.entries(environment()).filter(([name]) =>
      /SECRET|TOKEN|AES_KEY|ADMIN_KEY/.test(name),
    )) {
      expect([name, text.includes(value)]).toEqual([name, false])
    }
  })

  test('keeps its pictures in a bucket, where the doctor leaves nothing', async () => {
    const { failed, text } = await visit(IN_S3)
    expect(failed).toEqual([])
    expect(text).toContain('图片存储 store of pictures：可以写入、读取和删除')
    expect(text).not.toContain(S3_KEYS.secretAccessKey)
    expect(s3.stored.size).toBe(0)
  })

  test('without any unionid says what that means', async () => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await people.add('zhangsan', customer.phone)
    await settle()
    const { warned, hasFailed } = await visit()
    expect(warned).toHaveLength(2)
    expect(warned.join()).toContain('没有 unionid 也能用')
    expect(hasFailed).toBe(false)
  })
})

describe('what is wrong is named, with what to do', () => {
  const closed = async () => `http://127.0.0.1:${String(await closedPort())}`
  test.each<[string, () => Promise<Record<string, string>>, string[]]>([
    [
      'a wrong app secret',
      async () => ({ WEWORK_CONTACT_SECRET: 'not-the-secret-of-this-app' }),
      ['WEWORK_CONTACT_SECRET：40001'],
    ],
    [
      'a wrong kf secret',
      async () => ({ WEWORK_KF_SECRET: 'not-the-secret-of-this-app' }),
      ['WEWORK_KF_SECRET：40001'],
    ],
    [
      'one secret for both, which may not call contacts',
      async () => ({ WEWORK_CONTACT_SECRET: environment()['WEWORK_KF_SECRET']! }),
      ['contact permission：48002'],
    ],
    [
      'a wrong corp id',
      async () => ({ WEWORK_CORP_ID: 'wwsomebodyelse0001' }),
      [
        '40013：企业ID',
        '40013：企业ID',
        'callback /api/wework/callback',
        'callback /api/wechat-work/message',
        '登录用的是另一个企业或应用',
      ],
    ],
    [
      'a wrong agent id',
      async () => ({ WEWORK_AGENT_ID: '1000099' }),
      ['自建应用 self-built app：40056', '登录用的是另一个企业或应用'],
    ],
    [
      'another name for the same server than it has itself',
      async () => ({ PUBLIC_BASE_URL: `http://localhost:${PORT}` }),
      [`登录后会回到 http://127.0.0.1:${PORT}`],
    ],
    [
      'a wrong mini-program secret',
      async () => ({ WECHAT_APP_SECRET: '0'.repeat(32) }),
      ['WECHAT_APP_SECRET：40125'],
    ],
    [
      'a wrong AppID',
      async () => ({ WECHAT_APP_ID: 'wx0000000000000000' }),
      ['WECHAT_APP_SECRET：40013', 'callback /api/wechat/miniprogram：那里的服务属于另一个'],
    ],
    [
      'a kf account that is not there',
      async () => ({ WEWORK_KF_OPEN_KFID: 'wkNobody' }),
      ['看不到客服账号 wkNobody'],
    ],
    [
      'another Token than the running server has',
      async () => ({
        WEWORK_CALLBACK_TOKEN: 'SomethingElse',
        WEWORK_KF_CALLBACK_TOKEN: 'SomethingElse',
      }),
      ['另外的 Token', '另外的 Token'],
    ],
    [
      'another EncodingAESKey than the running server has',
      async () => ({ WEWORK_CALLBACK_AES_KEY: 'b'.repeat(43) }),
      ['Token 相同，EncodingAESKey 不同'],
    ],
    [
      'a public address with a path',
      async () => ({ PUBLIC_BASE_URL: `${town().address}/sub` }),
      [
        '不能带路径：/sub',
        '没有启用这个回调',
        '没有启用这个回调',
        '没有启用这个回调',
        '应用主页 home page of the app：打不开',
      ],
    ],
    [
      'a public address where nobody listens',
      async () => ({ PUBLIC_BASE_URL: await closed() }),
      ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'],
    ],
    [
      'a public address where somebody else listens',
      async () => ({ PUBLIC_BASE_URL: town().sandbox.url }),
      [
        '应答不是本产品的',
        '应答不是本产品的',
        '应答不是本产品的',
        '应用主页 home page of the app：打不开',
      ],
    ],
    [
      'WeCom out of reach',
      async () => ({ WECOM_API_BASE: await closed() }),
      ['企业微信 WeCom：连接不上'],
    ],
    [
      'WeChat out of reach',
      async () => ({ WECHAT_API_BASE: await closed() }),
      ['WECHAT_APP_SECRET：连接不上'],
    ],
    [
      'a database that does not answer',
      async () => ({ DATABASE_URL: (await closed()).replace('http', 'postgres') }),
      ['连接不上 DATABASE_URL'],
    ],
    [
      'a database of the other world',
      async () => ({ SANDBOX: 'off' }),
      ['数据库属于 sandbox 环境'],
    ],
    [
      'a folder for pictures that is none',
      async () => {
        const file = path.join(DATA_DIR, 'file')
        writeFileSync(file, '')
        return { DATA_DIR: file }
      },
      ['图片存储 store of pictures：'],
    ],
    [
      'a wrong secret of the bucket for pictures',
      async () => ({ ...IN_S3, MEDIA_S3_SECRET_ACCESS_KEY: 'not-the-secret-of-this-key' }),
      ['对象存储：SignatureDoesNotMatch'],
    ],
    [
      'a bucket for pictures that is not there',
      async () => ({ ...IN_S3, MEDIA_S3_BUCKET: 'elsewhere' }),
      ['对象存储：NoSuchBucket'],
    ],
    [
      'variables that are missing',
      async () => ({ WEWORK_CALLBACK_AES_KEY: 'short', SECRET_KEY: '' }),
      ['WEWORK_CALLBACK_AES_KEY', 'SECRET_KEY'],
    ],
  ])('%s', async (_, changes, expected) => {
    const { failed, text, hasFailed } = await visit(await changes())
    expect(hasFailed).toBe(true)
    expect(failed).toHaveLength(expected.length)
    // Variables come in the order of the schema.
    for (const part of expected) expect(failed.some((line) => line.includes(part))).toBe(true)
    expect(text).toMatch(/\n {6}→ .+\n {6}→ .+/)
    expect(text).not.toMatch(/not-the-secret|sandbox-kf-secret/)
  })

  test.each<[string, object, 'failed' | 'warned', RegExp]>([
    ['is switched off', { appIsStopped: true }, 'failed', /自建应用.*已停用/],
    ['nobody may see', { appIsVisible: false }, 'warned', /自建应用.*可见范围是空的/],
    ['has no trusted domain', { trustedDomain: '' }, 'warned', /可信域名.*没有设置/],
    [
      'trusts another domain',
      { trustedDomain: 'other.example.com' },
      'warned',
      /可信域名.*控制台里是 other\.example\.com，不是 127/,
    ],
    ['has no home page', { appHome: '' }, 'warned', /应用主页设置.*没有设置/],
    [
      'opens another page',
      { appHome: 'https://other.example.com/staff/' },
      'warned',
      /应用主页设置.*控制台里是 https:\/\/other/,
    ],
  ])('an app that %s in the console', async (_, settings, level, line) => {
    const { control } = town()
    await control.post('/_sandbox/settings', settings)
    try {
      const told = await visit()
      expect(told[level]).toContainEqual(expect.stringMatching(line))
      expect(told.failed).toHaveLength(level === 'failed' ? 1 : 0)
    } finally {
      await control.post('/_sandbox/settings', {
        appIsStopped: false,
        appIsVisible: true,
        trustedDomain: null,
        appHome: null,
      })
    }
  })

  test('an app of which WeCom tells nothing: compare it in the console', async () => {
    await town().control.post('/_sandbox/faults', {
      endpoints: [{ path: 'agent/get', errcode: 48002, times: 1 }],
    })
    const { warned, failed, text } = await visit()
    expect(failed).toEqual([])
    expect(warned.join()).toContain('没有告知应用的设置')
    expect(text).toContain('docs/connecting.md 第 1、6 步')
  })

  test('an address that WeCom does not trust, and where to add it', async () => {
    const { control } = town()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'externalcontact/get_follow_user_list', errcode: 60020, times: 1 }],
    })
    const { failed, text } = await visit()
    expect(failed).toEqual([
      expect.stringMatching(/60020：本服务器的出口 IP [\d.]+ 不在企业可信IP中/),
    ])
    expect(text).toMatch(/企业可信IP → 添加 [\d.]+/)
  })

  test("people who serve the account for binding, noticed by a customer's first word", async () => {
    const { control, people, settle } = town()
    await control.post('/_sandbox/settings', { kfServedByPeople: true })
    const customer = await people.arrive()
    await customer.say('你好')
    await settle()
    await control.post('/_sandbox/settings', { kfServedByPeople: false })
    const { warned, text } = await visit()
    expect(warned.join()).toContain('由人工接待')
    expect(text).toContain('WEWORK_KF_OPEN_KFID（docs/connecting.md 第 3 步）')
  })

  test('no redirect, http for real customers; nobody on duty where they bind, and the files of the consoles', async () => {
    const { warned, failed, text } = await visit({}, 'real')
    expect(warned.join()).toContain('NODE_ENV=production')
    expect(failed).toEqual([expect.stringContaining('不是 https')])
    expect(warned.join()).toMatch(/接待人员 servicers：2 人正在接待.*绑定码就没有自动回复/)
    expect(warned.join()).toContain('DATA_DIR/verify/ 里没有')
    expect(text).toMatch(/→ .*接待人员，清空/)
  })

  test('the files by which the consoles verify the domain: as they lie here, or what is wrong', async () => {
    const folder = path.join(DATA_DIR, 'verify')
    mkdirSync(folder)
    try {
      writeFileSync(path.join(folder, 'WW_verify_k3Jq9Zx0AbCdEf12.txt'), 'k3Jq9Zx0AbCdEf12')
      const { text, warned, failed } = await visit({}, 'real')
      expect(text).toContain('域名校验文件 verification files：可以访问：WW_verify_k3Jq9Zx0')
      expect([warned.join(), failed.join()].join()).not.toContain('校验文件')

      writeFileSync(path.join(folder, 'WW_verify_k3Jq9Zx0AbCdEf12 (1).txt'), 'k3Jq9Zx0AbCdEf12')
      expect((await visit()).warned.join()).toContain('AbCdEf12 (1).txt 不是校验文件的名字')

      writeFileSync(path.join(folder, 'Ab3dE6gH9j.txt'), 'x'.repeat(2_000))
      expect((await visit()).failed).toEqual([
        expect.stringMatching(/：Ab3dE6gH9j\.txt 从公网访问不到，或内容不一样/),
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('a developer account that was bound for contacts, and not for the chat', async () => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.say('你好')
    await settle()
    const { warned, text } = await visit()
    expect(warned.join()).toMatch(/微信客服 unionid .*1 位客户都没有/)
    expect(text).toContain('微信客服 → API → 绑定微信开发者账号')
  })
})

describe('an installation that is not complete yet is looked at as far as it is', () => {
  const NONE = {
    WEWORK_CORP_ID: '',
    WEWORK_AGENT_ID: '',
    WEWORK_CONTACT_SECRET: '',
    WEWORK_KF_SECRET: '',
    WEWORK_KF_OPEN_KFID: '',
    WEWORK_CALLBACK_TOKEN: '',
    WEWORK_CALLBACK_AES_KEY: '',
    WEWORK_KF_CALLBACK_TOKEN: '',
    WEWORK_KF_CALLBACK_AES_KEY: '',
    WECHAT_PUSH_TOKEN: '',
    WECHAT_PUSH_AES_KEY: '',
    WECHAT_APP_ID: '',
    WECHAT_APP_SECRET: '',
  }
  /** The variables of the steps up to one, by docs/connecting.md. */
  const upTo = (...names: string[]) => ({
    ...NONE,
    ...Object.fromEntries(names.map((name) => [name, environment()[name]!])),
  })
  const STEP_1 = ['WEWORK_CORP_ID', 'WEWORK_AGENT_ID', 'WEWORK_CONTACT_SECRET', 'WEWORK_KF_SECRET']

  test.each<[string, string[], string[], string[]]>([
    ['before step 1', [], ['时钟 clock'], ['应用 Secret', '应用回调', '小程序 AppSecret']],
    [
      'step 1',
      STEP_1,
      [
        '应用 Secret WEWORK_CONTACT_SECRET：正确',
        '自建应用 self-built app：AgentId 正确',
        '客户联系权限 contact permission：可以调用',
        '可以调用，应用能看到的客服账号：项目进度客服 wk',
        '应用主页 home page of the app：',
      ],
      ['应用回调', '小程序 AppSecret'],
    ],
    [
      'step 3',
      [...STEP_1, 'WEWORK_KF_OPEN_KFID'],
      ['微信客服权限 kf permission：可以管理', '客服链接 kf link：可以生成'],
      ['应用回调', '小程序 AppSecret'],
    ],
    [
      'step 7 before the callbacks',
      ['WECHAT_APP_ID', 'WECHAT_APP_SECRET'],
      ['小程序 AppSecret WECHAT_APP_SECRET：正确'],
      ['应用 Secret', '应用回调', '应用主页 home'],
    ],
  ])('%s', async (_, names, told, untold) => {
    const { text, failed } = await visit(upTo(...names))
    for (const part of told) expect(text).toContain(part)
    for (const topic of untold)
      expect(text).not.toMatch(new RegExp(`^(ok|warn|FAIL) +${topic}`, 'm'))
    expect(failed.every((line) => line.includes('环境变量'))).toBe(true)
  })
})

describe('what only work shows', () => {
  test('contacts and words that were found by asking: their events are not ticked', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await customer.say('你好')
    await settle()
    expect((await visit()).text.match(/^ok +收到的事件/gm)).toHaveLength(2)
    await db('callback_inbox').delete()
    const { warned, text } = await visit()
    expect(warned.join()).toMatch(/没有收到客户联系事件.*没有收到微信客服消息和事件/s)
    expect(text).toContain('docs/connecting.md 第 5 步')
  })

  test('orders without a name, and that the day of going live is not said', async () => {
    const { people, db } = town()
    await people.load('SO-D1', '13900000001')
    await people.load('SO-D2', '13900000002', { customerName: '王小明' })
    expect((await visit()).text).toMatch(/^ok +订单 orders：2 个；1 个没有 customerName，0 个/m)
    const levels = async (): Promise<string[]> =>
      (await examineOrders(db, { kind: 'real' })).map(({ level }) => level)
    expect(await levels()).toEqual(['ok', 'warn'])
    await upsertSetting(db, { key: 'goLiveAt', value: '2026-03-01', by: 'me', now: new Date() })
    expect(await levels()).toEqual(['ok', 'ok'])
  })
})

describe('the database', () => {
  const broken = other.db
  afterEach(async () => {
    await broken('knex_migrations').where({ name: '9999_future' }).delete()
    await other.clear()
  })
  const visitOther = (changes: Record<string, string> = {}) =>
    visit({ DATABASE_URL: other.connectionString, ...changes })

  test('a schema of a newer version fails', async () => {
    await broken('knex_migrations').insert({
      name: '9999_future',
      batch: 99,
      migration_time: new Date(),
    })
    expect((await visitOther()).failed).toEqual([expect.stringContaining('9999_future')])
  })

  test('a job that failed for good is told', async () => {
    await broken.raw(`select graphile_worker.add_job('kf.pull', '{}'::json, max_attempts => 1)`)
    await broken.raw('update graphile_worker._private_jobs set attempts = 1')
    await broken('lane_jobs').insert({
      lane: 'contact:wm1',
      name: 'kf.handle',
      payload: {},
      run_at: new Date(),
      attempts: 8,
      max_attempts: 8,
    })
    expect((await visitOther()).warned.join()).toContain('2 个任务彻底失败')
  })

  test('questions that members did not answer in time are told, with how to answer them', async () => {
    expect((await visitOther()).text).toContain('没有等管理员回答的问题')
    const question = { kind: 'number', opened_at: new Date(), detail: '{}' }
    await broken('reviews').insert([
      { ...question, phone_hmac: Buffer.from('1'), escalated_at: new Date() },
      { ...question, phone_hmac: Buffer.from('2'), escalated_at: new Date() },
      { ...question, phone_hmac: Buffer.from('3') },
      {
        ...question,
        phone_hmac: Buffer.from('4'),
        escalated_at: new Date(),
        closed_at: new Date(),
        closed_by: 'admin',
        close_reason: 'seen',
      },
    ])
    const { text, warned } = await visitOther()
    expect(warned.join()).toContain('2 个问题等管理员回答')
    expect(text).toContain('POST /api/admin/questions/:id/answer')
  })

  test('a callback that was refused for its time is told for a day: the clock may be wrong', async () => {
    const doubt = { door: 'wecom', doubted_at: new Date(), off_seconds: -400 }
    await broken('clock_doubts').insert(doubt)
    const ofTime = async () =>
      (await visitOther()).warned.filter((line) => line.includes('回调时间'))
    expect(await ofTime()).toEqual([expect.stringMatching(/服务器时钟可能不准.*慢 400 秒/)])
    await broken('clock_doubts').update({ doubted_at: new Date(Date.now() - 25 * 3_600_000) })
    expect(await ofTime()).toEqual([])
  })

  test('another SECRET_KEY than the one it was filled with fails', async () => {
    const secretKey = environment()['SECRET_KEY']!
    await migrateDatabase({ connectionString: other.connectionString, kind: 'sandbox', secretKey })
    expect((await visitOther()).failed).toEqual([])
    expect((await visitOther({ SECRET_KEY: `${secretKey}-changed` })).failed).toEqual([
      expect.stringContaining('SECRET_KEY 与这个数据库使用的不一致'),
    ])
  })
})

test('a clock that is away from the platform is told, and far away fails', async () => {
  const base = `${town().sandbox.url}/wecom`
  const at = async (seconds: number) =>
    (await examineClock(base, () => Date.now() + seconds * 1000)).finding
  expect((await at(0)).level).toBe('ok')
  expect(await at(-20)).toMatchObject({
    level: 'warn',
    says: [expect.stringMatching(/慢 (19|20) 秒/), expect.anything()],
  })
  expect(await at(400)).toMatchObject({
    level: 'FAIL',
    says: [expect.stringMatching(/快 (400|401) 秒/), expect.anything()],
  })
})

describe('which installation', () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'doctor-test-'))
  afterEach(() => rmSync(path.join(dataDir, 'dev.json'), { force: true }))

  const keepInstance = (mark: string): void =>
    writeFileSync(
      path.join(dataDir, 'dev.json'),
      JSON.stringify({
        server: 'http://127.0.0.1:3001',
        sandbox: 'http://127.0.0.1:3901',
        adminKey: 'k',
        process: mark,
      }),
    )

  test('without credentials and without a running npm start there is nothing to look at', () => {
    expect(findInstallation({ DATA_DIR: dataDir })).toMatchObject({
      world: 'sandbox',
      missing: { level: 'FAIL' },
    })
    keepInstance('1 never')
    expect(findInstallation({ DATA_DIR: dataDir })).toMatchObject({
      world: 'sandbox',
      missing: { level: 'FAIL' },
    })
  })
  test('a running npm start is the sandbox, at the addresses of dev.json', () => {
    keepInstance(markOf(process.ppid))
    const found = findInstallation({
      DATA_DIR: dataDir,
      PUBLIC_BASE_URL: 'https://progress.example.com',
    })
    expect(found).toMatchObject({
      world: 'sandbox',
      env: {
        PUBLIC_BASE_URL: 'http://127.0.0.1:3001',
        WECOM_API_BASE: 'http://127.0.0.1:3901/wecom',
        SANDBOX: 'on',
      },
    })
    expect(found.missing).toBeUndefined()
  })
  test('a single credential makes it a real one', () => {
    expect(findInstallation({ DATA_DIR: dataDir, WEWORK_CORP_ID: 'ww1' })).toMatchObject({
      world: 'real',
      env: { SANDBOX: 'off' },
    })
  })
})
