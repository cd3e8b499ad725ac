import type { Context } from 'koa'

import type { WeixinEndpoint } from './apps/endpoint.ts'
import { randomHex } from './base/random.ts'
import { Refusal } from './base/refusal.ts'
import { weixinEndpoints } from './weixin/endpoints.ts'
import { requireWeixinToken } from './weixin/tokens.ts'
import type { Stage } from './world/stage.ts'
import { withFaults } from './http/faulty.ts'
import { parseJson, readRaw, singleQuery } from './http/read-request.ts'

const byPath = new Map(weixinEndpoints.map((endpoint) => [endpoint.path, endpoint]))

/** HTTP is always 200. Success of a token or login call has no errcode at all. */
export async function serveWeixin(stage: Stage, ctx: Context): Promise<number> {
  const path = ctx.path.replace(/^\/weixin\//, '')
  const endpoint = byPath.get(path)
  const raw = await readRaw(ctx.req)
  let errcode = 0
  let answer: Record<string, unknown>
  try {
    answer = await withFaults(stage.world, ctx.path, () => perform(stage, endpoint, { ctx, raw }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    errcode = error.errcode
    answer = { errcode, errmsg: error.message + ridFor(path) }
  }
  ctx.status = 200
  ctx.set(
    'content-type',
    endpoint?.plain === true ? 'text/plain' : 'application/json; encoding=utf-8',
  )
  ctx.body = toJson(answer)
  return errcode
}

/** A bigint goes out as the bare digits that the platform writes; JSON.stringify knows none. */
function toJson(answer: Record<string, unknown>): string {
  const fields = Object.entries(answer)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${digitsOrJson(value)}`)
  return `{${fields.join(',')}}`
}

const digitsOrJson = (value: unknown): string =>
  typeof value === 'bigint' ? String(value) : JSON.stringify(value)

function perform(
  stage: Stage,
  endpoint: WeixinEndpoint | undefined,
  { ctx, raw }: { ctx: Context; raw: Buffer },
): ReturnType<WeixinEndpoint['answer']> {
  if (endpoint === undefined) throw new Refusal(40066, 'invalid url')
  if (ctx.method !== endpoint.method) {
    throw endpoint.method === 'GET'
      ? new Refusal(43001, 'require GET method')
      : new Refusal(43002, 'require POST method')
  }
  const query = singleQuery(ctx.search)
  if (endpoint.needsToken) requireWeixinToken(stage, query['access_token'])
  const body =
    endpoint.method === 'POST' && endpoint.takesFile !== true ? parseJson(raw) : undefined
  return endpoint.answer(stage, { query, body, raw, contentType: ctx.get('content-type') })
}

/** sns answers put a comma before the rid, cgi-bin answers do not (samples in platform-facts 4.4 and 4.6). */
function ridFor(path: string): string {
  const rid = `rid: ${randomHex(4)}-${randomHex(4)}-${randomHex(4)}`
  return path.startsWith('sns/') ? `, ${rid}` : ` ${rid}`
}
