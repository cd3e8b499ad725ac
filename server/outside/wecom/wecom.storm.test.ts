import { afterAll, expect, test } from '@jest/globals'
import { createTokenStore } from '../../lib/token-store.ts'
import { testDatabase } from '../../test/database.ts'
import { keptLog, startScriptedPlatform } from '../../lib/http-client.scripted.ts'
import { createWecom, type Wecom } from './wecom.ts'

const { db } = await testDatabase()
const platform = await startScriptedPlatform()
const started: Wecom[] = []
afterAll(async () => {
  for (const wecom of started) await wecom.close()
  await platform.stop()
})

/** A server process of its own, on the same database. */
function startProcess(): Wecom {
  const log = keptLog()
  const tokens = createTokenStore({ db, clock: () => new Date(), secretKey: 'key', log })
  const wecom = createWecom({
    baseUrl: platform.baseUrl,
    corpId: 'ww1',
    agentId: 1,
    contactSecret: 'secret',
    kfSecret: 'secret',
    tokens,
    log,
  })
  started.push(wecom)
  return wecom
}

test('a token that dies early costs one new token, however many calls in two processes see it die', async () => {
  let valid = 1
  platform.script('/cgi-bin/gettoken', () => ({
    errcode: 0,
    access_token: `t${String(valid)}`,
    expires_in: 7200,
  }))
  platform.script('/cgi-bin/externalcontact/list', ({ query }) =>
    query['access_token'] === `t${String(valid)}`
      ? { errcode: 0, external_userid: ['wo1'] }
      : { errcode: 42001, errmsg: 'access_token expired' },
  )
  const processes = [startProcess(), startProcess()] as const
  for (const { contacts } of processes) await contacts.listContactIds('rocky')

  valid = 2
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      processes[i % 2 === 0 ? 0 : 1].contacts.listContactIds('rocky'),
    ),
  )
  expect(answers.every(([id]) => id === 'wo1')).toBe(true)
  expect(platform.seen('/cgi-bin/gettoken')).toHaveLength(2)
})
