import { describe, expect, test } from '@jest/globals'
import { StartRefused } from '../checkout/environment.ts'
import { decideWorld } from './world.ts'

describe('decideWorld', () => {
  test.each([
    [{}, 'sandbox'],
    [{ DATABASE_URL: 'postgres://db/x', WECOM_API_BASE: 'http://127.0.0.1:1' }, 'sandbox'],
    [{ SANDBOX: 'auto' }, 'sandbox'],
    [{ WEWORK_CORP_ID: 'ww1' }, 'real'], // half-filled: the server says what is missing
    [{ WECHAT_APP_ID: 'wx1' }, 'real'],
    [{ WEWORK_CORP_ID: 'ww1', SANDBOX: 'on' }, 'sandbox'],
    [{ SANDBOX: 'off' }, 'real'],
    [{ NODE_ENV: 'production' }, 'real'],
  ])('%j means the %s world', (env, world) => expect(decideWorld(env)).toBe(world))

  test.each([{ SANDBOX: 'on', NODE_ENV: 'production' }, { SANDBOX: 'yes' }])(
    '%j is refused',
    (env) => expect(() => decideWorld(env)).toThrow(StartRefused),
  )
})
