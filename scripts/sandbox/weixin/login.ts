import { Refusal } from '../base/refusal.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { randomBytes } from 'node:crypto'
import { type Stage, unionidField } from '../world/stage.ts'

const CODE_SECONDS = 300

/** What wx.login yields: 5 minutes, one exchange. */
export function issueLoginCode(stage: Stage, personId: string): string {
  const code = `0${stage.makeId(31)}`
  stage.world.loginCodes[code] = { personId, issuedAt: stage.now(), used: false }
  return code
}

/** GET sns/jscode2session (M:code2Session). On success there is no errcode at all. */
export function codeToSession(
  stage: Stage,
  query: Record<string, string>,
): Record<string, unknown> {
  const code = query['js_code'] ?? ''
  if ((query['appid'] ?? '') === '') throw new Refusal(41002, 'appid missing')
  if ((query['secret'] ?? '') === '') throw new Refusal(41004, 'appsecret missing')
  if (code === '') throw new Refusal(41008, 'code missing')
  const person = burn(stage, code)
  if (query['grant_type'] !== 'authorization_code') throw new Refusal(40002, 'invalid grant_type')
  if (query['appid'] !== sandboxCredentials.miniAppId) throw new Refusal(40013, 'invalid appid')
  if (query['secret'] !== sandboxCredentials.miniAppSecret)
    throw new Refusal(40125, 'invalid appsecret')
  if (person === undefined) throw new Refusal(40029, 'invalid code')
  return {
    session_key: randomBytes(16).toString('base64'),
    openid: person.openid,
    ...unionidField(stage.world, 'weixin', person),
  }
}

/** Even a failed exchange uses the code up (platform-facts 4.4): whoever retries sees 40163. */
function burn(stage: Stage, text: string) {
  const code = Object.hasOwn(stage.world.loginCodes, text)
    ? stage.world.loginCodes[text]
    : undefined
  if (code === undefined) return undefined
  if (code.used) throw new Refusal(40163, 'code been used')
  code.used = true
  if (stage.now() - code.issuedAt > CODE_SECONDS) return undefined
  return stage.world.people[code.personId]
}
