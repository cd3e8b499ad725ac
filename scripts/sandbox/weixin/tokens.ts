import { flag, oneOf, optional, record, text } from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import { Refusal } from '../base/refusal.ts'
import { findLatest, type IssuedToken, issueToken } from '../apps/tokens.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import type { Stage } from '../world/stage.ts'
import type { TokenKind } from '../world/types.ts'

const OVERLAP_SECONDS = 300
const FORCED_PER_DAY = 20
const FORCED_APART_SECONDS = 30

type Account = 'mini' | 'official'

function accountOf(appid: string, secret: string): Account {
  const known: Record<string, [Account, string]> = {
    [sandboxCredentials.miniAppId]: ['mini', sandboxCredentials.miniAppSecret],
    [sandboxCredentials.officialAppId]: ['official', sandboxCredentials.officialAppSecret],
  }
  const found = Object.hasOwn(known, appid) ? known[appid] : undefined
  if (found === undefined) throw new Refusal(40013, 'invalid appid')
  if (found[1] !== secret) throw new Refusal(40125, 'invalid appsecret')
  return found[0]
}

/** Those still running get at most the overlap. */
function retire(stage: Stage, kind: TokenKind, overlapSeconds: number): void {
  const end = stage.now() + overlapSeconds
  for (const token of Object.values(stage.world.tokens)) {
    if (token.kind === kind) token.expiresAt = Math.min(token.expiresAt, end)
  }
}

/** GET cgi-bin/token (M:getAccessToken): a new call ends the previous token after five minutes. */
export function plainToken(stage: Stage, query: Record<string, string>): IssuedToken {
  if ((query['appid'] ?? '') === '') throw new Refusal(41002, 'appid missing')
  if ((query['secret'] ?? '') === '') throw new Refusal(41004, 'appsecret missing')
  if (query['grant_type'] !== 'client_credential') throw new Refusal(40002, 'invalid grant_type')
  const kind = accountOf(query['appid'] ?? '', query['secret'] ?? '')
  retire(stage, kind, OVERLAP_SECONDS)
  return issueToken(stage, kind)
}

const readStable = record({
  grant_type: oneOf(['client_credential'] as const, 40002),
  appid: optional(text({ min: 0 })),
  secret: optional(text({ min: 0 })),
  force_refresh: optional(flag),
})

/** POST cgi-bin/stable_token (M:getStableAccessToken): its own token, which cgi-bin/token neither sees nor ends. */
export function stableToken(stage: Stage, body: unknown): IssuedToken {
  const { appid = '', secret = '', ...wanted } = readStable(body, 'body')
  if (appid === '') throw new Refusal(41002, 'appid missing')
  if (secret === '') throw new Refusal(41004, 'appsecret missing')
  const kind = `${accountOf(appid, secret)}-stable` as const
  if (wanted.force_refresh === true) return forceRefresh(stage, kind)
  const latest = findLatest(stage, kind)
  const left = latest === undefined ? 0 : latest.token.expiresAt - stage.now()
  if (latest !== undefined && left > OVERLAP_SECONDS)
    return { access_token: latest.text, expires_in: left }
  // in its last five minutes the old one stays valid beside the new one
  return issueToken(stage, kind)
}

function forceRefresh(stage: Stage, kind: TokenKind): IssuedToken {
  const now = stage.now()
  const today = (stage.world.stableRefreshes[kind] ?? []).filter(
    (at) => Math.abs(now - at) < 86_400,
  )
  if (today.length >= FORCED_PER_DAY) throw refusal(45009, 'force_refresh')
  const last = today.at(-1)
  if (last !== undefined && now - last < FORCED_APART_SECONDS)
    throw new Refusal(45011, 'force_refresh too frequent')
  stage.world.stableRefreshes[kind] = [...today, now]
  retire(stage, kind, 0)
  return issueToken(stage, kind)
}

/** WeChat has one code for every token trouble it sees as "not the current one": 40001; expired is 42001. */
export function requireWeixinToken(stage: Stage, token: string | undefined): void {
  if (token === undefined || token === '') throw new Refusal(41001, 'access_token missing')
  const found = Object.hasOwn(stage.world.tokens, token) ? stage.world.tokens[token] : undefined
  const invalid = 'invalid credential, access_token is invalid or not latest'
  if (found === undefined || found.kind === 'contact' || found.kind === 'kf')
    throw new Refusal(40001, invalid)
  if (found.killed !== undefined) throw new Refusal(found.killed, invalid)
  if (stage.now() < found.expiresAt) return
  throw found.latest ? new Refusal(42001, 'access_token expired') : new Refusal(40001, invalid)
}
