import { refusal } from '../base/errcodes.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import type { Stage } from '../world/stage.ts'
import type { AccessToken, TokenKind, World } from '../world/types.ts'
import type { AppName } from './endpoint.ts'

const TOKEN_CHARS = 512
const FORGET_AFTER_SECONDS = 86_400

export type IssuedToken = { access_token: string; expires_in: number }

const isLive = (token: AccessToken, now: number): boolean =>
  token.killed === undefined && now < token.expiresAt

function forgetOld(world: World, now: number): void {
  for (const [text, token] of Object.entries(world.tokens)) {
    if (now - token.expiresAt > FORGET_AFTER_SECONDS) delete world.tokens[text]
  }
}

export function findLatest(
  stage: Stage,
  kind: TokenKind,
): { text: string; token: AccessToken } | undefined {
  const now = stage.now()
  const found = Object.entries(stage.world.tokens).find(
    ([, token]) => token.kind === kind && token.latest && isLive(token, now),
  )
  return found === undefined ? undefined : { text: found[0], token: found[1] }
}

export function issueToken(stage: Stage, kind: TokenKind): IssuedToken {
  const now = stage.now()
  forgetOld(stage.world, now)
  for (const token of Object.values(stage.world.tokens))
    if (token.kind === kind) token.latest = false
  const text = stage.makeId(TOKEN_CHARS)
  const life = stage.world.settings.tokenLifeSeconds
  stage.world.tokens[text] = { kind, issuedAt: now, expiresAt: now + life, latest: true }
  return { access_token: text, expires_in: life }
}

/** Repeated calls give the same token until it ends (W:91039). */
export function wecomToken(stage: Stage, query: Record<string, string>): IssuedToken {
  const { corpid, corpsecret } = query
  if (corpid === undefined || corpid === '') throw refusal(41002)
  if (corpsecret === undefined || corpsecret === '') throw refusal(41004)
  if (corpid !== sandboxCredentials.corpId) throw refusal(40013)
  const app = appOf(corpsecret)
  if (app === undefined) throw refusal(40001)
  const latest = findLatest(stage, app)
  if (latest === undefined) return issueToken(stage, app)
  return { access_token: latest.text, expires_in: latest.token.expiresAt - stage.now() }
}

function appOf(secret: string): AppName | undefined {
  if (secret === sandboxCredentials.contactSecret) return 'contact'
  return secret === sandboxCredentials.kfSecret ? 'kf' : undefined
}

/** Which app speaks. A token of WeChat or one never issued is 40014, one that ran out 42001. */
export function appOfToken(stage: Stage, text: string | undefined): AppName {
  if (text === undefined || text === '') throw refusal(41001)
  const token = Object.hasOwn(stage.world.tokens, text) ? stage.world.tokens[text] : undefined
  if (token === undefined || (token.kind !== 'contact' && token.kind !== 'kf')) throw refusal(40014)
  if (token.killed !== undefined) throw refusal(token.killed)
  if (stage.now() >= token.expiresAt) throw refusal(42001)
  return token.kind
}

/** The platform may end a token early; the client sees it only by the errcode (platform-facts 4.1). */
export function invalidateTokens(world: World, kinds: readonly TokenKind[], errcode: number): void {
  for (const token of Object.values(world.tokens)) {
    if (kinds.includes(token.kind)) token.killed ??= errcode
  }
}
