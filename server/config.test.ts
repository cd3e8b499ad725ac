import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readConfig } from './config.ts'
import { ConfigRefused } from './lib/environment.ts'

const complete = {
  DATABASE_URL: 'postgres://db/x',
  SECRET_KEY: 'k'.repeat(32),
  WEWORK_CORP_ID: 'ww1',
  WEWORK_AGENT_ID: '1000002',
  WEWORK_CONTACT_SECRET: 's1',
  WEWORK_CALLBACK_TOKEN: 't',
  WEWORK_CALLBACK_AES_KEY: 'a'.repeat(43),
  WEWORK_KF_OPEN_KFID: 'wk1',
  WECHAT_APP_ID: 'wx1',
  WECHAT_APP_SECRET: 's2',
}
const problemsOf = (env: Record<string, string | undefined>): readonly string[] => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigRefused) return error.problems
    throw error
  }
}

test('a complete environment has the defaults of the contract', () => {
  expect(readConfig(complete)).toMatchObject({
    kind: 'real',
    port: 3000,
    host: '127.0.0.1',
    sessionHours: 24,
    timeZone: 'Asia/Shanghai',
    wecom: {
      baseUrl: 'https://qyapi.weixin.qq.com',
      kfSecret: 's1',
      kfCallback: { token: 't', encodingAesKey: 'a'.repeat(43) },
    },
    weixin: { baseUrl: 'https://api.weixin.qq.com' },
    policy: { trustPhoneClaim: false, phoneButton: false },
    media: { s3: null },
  })
})

describe('pictures lie in DATA_DIR, or in a bucket', () => {
  const bucket = {
    MEDIA_S3_ENDPOINT: 'https://s3.example.com/',
    MEDIA_S3_BUCKET: 'pictures',
    MEDIA_S3_REGION: 'ap-shanghai',
    MEDIA_S3_ACCESS_KEY_ID: 'AKID1',
    MEDIA_S3_SECRET_ACCESS_KEY: 's3',
  }

  test('by what is set', () => {
    expect(readConfig({ ...complete, DATA_DIR: '/data' }).media).toEqual({
      folder: path.resolve('/data', 'media'),
      s3: null,
    })
    expect(readConfig({ ...complete, ...bucket }).media.s3).toEqual({
      endpoint: 'https://s3.example.com',
      bucket: 'pictures',
      region: 'ap-shanghai',
      accessKeyId: 'AKID1',
      secretAccessKey: 's3',
    })
  })

  test.each(Object.keys(bucket))('all or none: without %s it says so', (name) => {
    expect(problemsOf({ ...complete, ...bucket, [name]: '' })).toEqual([
      expect.stringContaining(`${name} is missing: MEDIA_S3_* are given together or not at all`),
    ])
  })

  test('never in the open in production', () => {
    const env = { ...complete, NODE_ENV: 'production', TRUST_PROXY_HOPS: '0', ...bucket }
    expect(problemsOf(env)).toEqual([])
    expect(problemsOf({ ...env, MEDIA_S3_ENDPOINT: 'http://s3.example.com' })).toEqual([
      'MEDIA_S3_ENDPOINT must be https:// when NODE_ENV=production',
    ])
  })

  test('a bucket is a name, and no path', () => {
    expect(problemsOf({ ...complete, ...bucket, MEDIA_S3_BUCKET: 'a/../b' })).toEqual([
      expect.stringContaining('MEDIA_S3_BUCKET must be the name of a bucket'),
    ])
  })
})

test('nobody is disturbed at night, except beside the sandbox, where nobody sleeps', () => {
  expect(readConfig(complete).staff.quiet).toEqual({ from: '21:00', to: '08:00' })
  expect(readConfig({ ...complete, SANDBOX: 'on' }).staff.quiet).toBeNull()
  expect(
    readConfig({ ...complete, SANDBOX: 'on', STAFF_QUIET_HOURS: '12:00-13:30' }).staff.quiet,
  ).toEqual({ from: '12:00', to: '13:30' })
  expect(readConfig({ ...complete, STAFF_QUIET_HOURS: 'off' }).staff.quiet).toBeNull()
})

describe('what is missing or wrong is said, all at once, with the place to find it', () => {
  test('every missing variable, those of R2.23 among them', () => {
    const problems = problemsOf({})
    for (const name of [
      'DATABASE_URL',
      'WEWORK_CORP_ID',
      'WEWORK_CONTACT_SECRET',
      'WEWORK_CALLBACK_AES_KEY',
      'WEWORK_KF_OPEN_KFID',
      'WECHAT_APP_ID',
      'WECHAT_APP_SECRET',
    ]) {
      expect(problems.some((line) => line.startsWith(`${name} is missing`))).toBe(true)
    }
    expect(problems.find((line) => line.startsWith('WEWORK_CORP_ID'))).toContain('企业ID')
  })

  test.each([
    ['PORT', 'many'],
    ['PORT', '70000'],
    ['WEWORK_AGENT_ID', 'x'],
    ['WEWORK_CALLBACK_AES_KEY', 'short'],
    ['ADMIN_KEY', 'too short'],
    ['SECRET_KEY', 'too short'],
    ['TIME_ZONE', 'Mars/Olympus'],
    ['SANDBOX', 'maybe'],
    ['WECOM_API_BASE', 'not a url'],
    ['SESSION_HOURS', '0'],
    ['BINDING_TRUST_PHONE_CLAIM', 'perhaps'],
  ])('%s=%s', (name, value) =>
    expect(problemsOf({ ...complete, [name]: value }).join()).toContain(name),
  )

  test('an empty variable is an absent one', () =>
    expect(problemsOf({ ...complete, WECHAT_APP_ID: '' })).toHaveLength(1))
})

const CANARY = 'the-value-itself'

describe('no problem repeats a value: it may be a secret in the wrong place', () => {
  const NAMES = [
    'PORT',
    'PUBLIC_BASE_URL',
    'SANDBOX',
    'LOG_LEVEL',
    'WECOM_API_BASE',
    'SECRET_KEY',
    'ADMIN_KEY',
    'TRUST_PROXY_HOPS',
    'SESSION_HOURS',
    'TIME_ZONE',
    'WEWORK_AGENT_ID',
    'WEWORK_CALLBACK_AES_KEY',
    'WECHAT_PUSH_AES_KEY',
    'ERP_BASE_URL',
    'ERP_SYNC',
    'ERP_SCORE_THRESHOLD',
    'STAFF_NOTIFY_USERIDS',
    'STAFF_QUIET_HOURS',
    'BINDING_TRUST_PHONE_CLAIM',
    'BINDING_PHONE_BUTTON',
    'OFFICIAL_REPLY_LIMIT',
  ]
  test.each(NAMES)('%s', (name) => {
    const said = problemsOf({ ...complete, [name]: `${CANARY} !` }).join()
    expect(said).toContain(name)
    expect(said).not.toContain(CANARY)
  })
  test('a number out of bounds', () =>
    expect(problemsOf({ ...complete, PORT: '987654' }).join()).toMatch(
      /^PORT must be from 0 to 65535$/,
    ))
})

describe('what a console or an editor leaves around a value is refused by the name of the variable', () => {
  const SECRETS = [
    'SECRET_KEY',
    'ADMIN_KEY',
    'DATABASE_URL',
    'WEWORK_CORP_ID',
    'WEWORK_CONTACT_SECRET',
    'WEWORK_KF_SECRET',
    'WEWORK_CALLBACK_TOKEN',
    'WEWORK_CALLBACK_AES_KEY',
    'WECHAT_APP_SECRET',
    'WECHAT_PUSH_TOKEN',
    'OFFICIAL_APP_SECRET',
    'OFFICIAL_TOKEN',
    'ERP_PASSWORD',
    'ERP_SERIAL',
  ]
  const WAYS: readonly (readonly [string, (value: string) => string])[] = [
    ['a blank before', (value) => ` ${value}`],
    ['a blank after', (value) => `${value} `],
    ['a Chinese blank', (value) => `${value}\u3000`],
    ['a tab', (value) => `${value}\t`],
    ['double quotes', (value) => `"${value}"`],
    ['single quotes', (value) => `'${value}'`],
    ['Chinese quotes', (value) => `“${value}”`],
    ['half a quote', (value) => `${value}"`],
    ['a carriage return', (value) => `${value}\r`],
    ['a line end', (value) => `${value}\n`],
    ['a byte order mark', (value) => `\ufeff${value}`],
    ['a zero-width character', (value) => `${value}\u200b`],
    ['a line end within', (value) => `${value.slice(0, 3)}\r\n${value.slice(3)}`],
  ]
  test.each(WAYS)('%s', (_, spoil) => {
    for (const name of SECRETS) {
      const problems = problemsOf({ ...complete, [name]: spoil(CANARY.padEnd(43, 'x')) })
      expect(problems.filter((problem) => problem.startsWith(`${name} `))).toEqual([
        expect.stringContaining(' has a blank'),
      ])
      expect(problems.join()).not.toContain(CANARY)
    }
  })
  test('nothing but blanks', () =>
    expect(problemsOf({ ...complete, WECHAT_APP_SECRET: '  ' })[0]).toMatch(
      /^WECHAT_APP_SECRET has a blank/,
    ))
  test('beside everything else that is wrong', () => {
    expect(
      problemsOf({
        ...complete,
        SECRET_KEY: `${'k'.repeat(32)}\r`,
        PORT: 'many',
        WECHAT_APP_ID: '',
      }),
    ).toEqual([
      expect.stringMatching(/^SECRET_KEY has a blank/),
      expect.stringMatching(/^PORT /),
      expect.stringMatching(/^WECHAT_APP_ID is missing/),
    ])
  })
  test('a byte order mark before the first name of a file, which hides the variable', () => {
    expect(problemsOf({ ...complete, ['\ufeffADMIN_KEY']: CANARY.padEnd(24, 'x') })).toEqual([
      expect.stringMatching(/^ADMIN_KEY is not read/),
    ])
  })
  test('words of the company may have blanks within', () =>
    expect(
      readConfig({ ...complete, KF_SERVICE_HOURS: '工作日 9:00–18:00' }).wecom.serviceHours,
    ).toBe('工作日 9:00–18:00'))
  test('variables that are not ours are none of our business', () =>
    expect(problemsOf({ ...complete, PS1: '\u001b[0m $ ' })).toEqual([]))
})

describe('a group is given whole or not at all', () => {
  const GROUPS = [
    { WECHAT_PUSH_TOKEN: 't', WECHAT_PUSH_AES_KEY: 'a'.repeat(43) },
    {
      ERP_BASE_URL: 'https://erp.example.com',
      ERP_USERNAME: 'u',
      ERP_PASSWORD: 'p',
      ERP_SERIAL: 's',
    },
    { OFFICIAL_APP_ID: 'wx2', OFFICIAL_APP_SECRET: 's', OFFICIAL_TOKEN: 't' },
  ]
  const halves = GROUPS.flatMap((group) =>
    Object.keys(group).map((missing) => [missing, group] as const),
  )
  test.each(halves)('without %s', (missing, group) => {
    expect(problemsOf({ ...complete, ...group, [missing]: '' })).toEqual([
      expect.stringContaining(`${missing} is missing`),
    ])
    const alone = Object.fromEntries(Object.entries(group).filter(([name]) => name === missing))
    expect(problemsOf({ ...complete, ...alone })).toHaveLength(Object.keys(group).length - 1)
  })
  test('whole groups', () =>
    expect(
      problemsOf({ ...complete, ...(Object.assign({}, ...GROUPS) as Record<string, string>) }),
    ).toEqual([]))
  test('what is set of the ERP counts as begun', () => {
    for (const begun of [{ ERP_SYNC: 'on' }, { ERP_SCORE_THRESHOLD: '60' }])
      expect(problemsOf({ ...complete, ...begun })).toHaveLength(4)
    expect(problemsOf({ ...complete, ERP_SYNC: 'off' })).toEqual([])
  })
})

describe('production', () => {
  const production = { ...complete, NODE_ENV: 'production', TRUST_PROXY_HOPS: '0' }
  test('runs when complete, and listens to the world', () =>
    expect(readConfig(production)).toMatchObject({ host: '0.0.0.0', proxies: 0 }))
  test('believes so many proxies as it is told', () =>
    expect(readConfig({ ...production, TRUST_PROXY_HOPS: '2' }).proxies).toBe(2))
  test.each([
    ['the sandbox', { SANDBOX: 'on' }, 'SANDBOX'],
    ['no secret key', { SECRET_KEY: undefined }, 'SECRET_KEY'],
    ['plain http', { WECOM_API_BASE: 'http://proxy' }, 'WECOM_API_BASE'],
    ['a silence about proxies', { TRUST_PROXY_HOPS: undefined }, 'TRUST_PROXY_HOPS is missing'],
    ['an ERP without https', { ERP_BASE_URL: 'http://erp' }, 'ERP_BASE_URL'],
    ['credentials of the sandbox', { WEWORK_CORP_ID: 'wwsandbox000000001' }, 'WEWORK_CORP_ID'],
    [
      'a secret of the sandbox',
      { WECHAT_APP_SECRET: '5a2db0c05a2db0c05a2db0c000000001' },
      'WECHAT_APP_SECRET',
    ],
  ])('refuses %s', (_, more, name) =>
    expect(problemsOf({ ...production, ...more }).join()).toContain(name),
  )
})
