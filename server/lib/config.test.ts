import { describe, expect, test } from '@jest/globals'
import { ConfigRefused, readConfig } from './config.ts'

const complete = {
  DATABASE_URL: 'postgres://db/x', SECRET_KEY: 'k'.repeat(32), WEWORK_CORP_ID: 'ww1', WEWORK_AGENT_ID: '1000002', WEWORK_CONTACT_SECRET: 's1',
  WEWORK_CALLBACK_TOKEN: 't', WEWORK_CALLBACK_AES_KEY: 'a'.repeat(43), WEWORK_KF_OPEN_KFID: 'wk1', WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's2',
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
    kind: 'real', port: 3000, host: '127.0.0.1', sessionHours: 24, timeZone: 'Asia/Shanghai',
    wecom: { baseUrl: 'https://qyapi.weixin.qq.com', kfSecret: 's1', kfCallback: { token: 't', encodingAesKey: 'a'.repeat(43) } },
    weixin: { baseUrl: 'https://api.weixin.qq.com' }, policy: { trustPhoneClaim: false, phoneButton: false },
  })
})

test('nobody is disturbed at night, except beside the sandbox, where nobody sleeps', () => {
  expect(readConfig(complete).staff.quiet).toEqual({ from: '21:00', to: '08:00' })
  expect(readConfig({ ...complete, SANDBOX: 'on' }).staff.quiet).toBeNull()
  expect(readConfig({ ...complete, SANDBOX: 'on', STAFF_QUIET_HOURS: '12:00-13:30' }).staff.quiet).toEqual({ from: '12:00', to: '13:30' })
  expect(readConfig({ ...complete, STAFF_QUIET_HOURS: 'off' }).staff.quiet).toBeNull()
})

describe('what is missing or wrong is said, all at once, with the place to find it', () => {
  test('every missing variable', () => {
    const problems = problemsOf({})
    for (const name of ['DATABASE_URL', 'WEWORK_CORP_ID', 'WEWORK_CONTACT_SECRET', 'WEWORK_CALLBACK_AES_KEY', 'WEWORK_KF_OPEN_KFID', 'WECHAT_APP_ID', 'WECHAT_APP_SECRET']) {
      expect(problems.some((line) => line.startsWith(`${name} is missing`))).toBe(true)
    }
    expect(problems.find((line) => line.startsWith('WEWORK_CORP_ID'))).toContain('企业ID')
  })

  test.each([
    ['PORT', 'many'], ['PORT', '70000'], ['WEWORK_AGENT_ID', 'x'], ['WEWORK_CALLBACK_AES_KEY', 'short'], ['ADMIN_KEY', 'too short'], ['SECRET_KEY', 'too short'],
    ['TIME_ZONE', 'Mars/Olympus'], ['SANDBOX', 'maybe'], ['WECOM_API_BASE', 'not a url'], ['SESSION_HOURS', '0'], ['BINDING_TRUST_PHONE_CLAIM', 'perhaps'],
  ])('%s=%s', (name, value) => expect(problemsOf({ ...complete, [name]: value }).join()).toContain(name))

  test('an empty variable is an absent one', () => expect(problemsOf({ ...complete, WECHAT_APP_ID: '' })).toHaveLength(1))
})

describe('production', () => {
  const production = { ...complete, NODE_ENV: 'production' }
  test('runs when complete, and listens to the world', () => expect(readConfig(production).host).toBe('0.0.0.0'))
  test.each([
    ['the sandbox', { SANDBOX: 'on' }, 'SANDBOX'], ['no secret key', { SECRET_KEY: undefined }, 'SECRET_KEY'], ['plain http', { WECOM_API_BASE: 'http://proxy' }, 'WECOM_API_BASE'],
    ['credentials of the sandbox', { WEWORK_CORP_ID: 'wwsandbox000000001' }, 'WEWORK_CORP_ID'], ['a secret of the sandbox', { WECHAT_APP_SECRET: '5a2db0c05a2db0c05a2db0c000000001' }, 'WECHAT_APP_SECRET'],
  ])('refuses %s', (_, more, name) => expect(problemsOf({ ...production, ...more }).join()).toContain(name))
})
