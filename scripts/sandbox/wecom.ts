import type { Context } from 'koa'

import type { WecomCall, WecomEndpoint } from './apps/endpoint.ts'
import { wecomEndpoints } from './wecom-endpoints.ts'
import { appOfToken, wecomToken } from './apps/tokens.ts'
import { randomHex } from './base/random.ts'
import { refusal } from './base/errcodes.ts'
import { Refusal } from './base/refusal.ts'
import type { Stage } from './world/stage.ts'
import { breakItems } from './http/broken.ts'
import { withFaults } from './http/faulty.ts'
import { parseJson, readRaw, singleQuery } from './http/read-request.ts'

type Answer = { errcode: number; errmsg: string; [field: string]: unknown }

const byPath = new Map(wecomEndpoints.map((endpoint) => [endpoint.path, endpoint]))

/** Order as at the platform: address, token, permission, method, body. HTTP is 200 whatever happens. */
export async function serveWecom(stage: Stage, ctx: Context): Promise<number> {
  const answer = await answerOf(stage, ctx)
  ctx.status = 200
  ctx.set('error-code', String(answer.errcode))
  // a header carries ASCII only
  ctx.set('error-msg', answer.errmsg.replace(/[^\x20-\x7e]/g, '?'))
  ctx.set('content-type', 'application/json; charset=UTF-8')
  ctx.body = JSON.stringify(answer)
  return answer.errcode
}

async function answerOf(stage: Stage, ctx: Context): Promise<Answer> {
  // the body is read before anything is judged, or a refusal would break the connection under the upload
  const raw = await readRaw(ctx.req)
  try {
    const result = await withFaults(stage.world, ctx.path, () => perform(stage, ctx, raw))
    return { errcode: 0, errmsg: 'ok', ...breakItems(result, stage.world.faults.broken) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { errcode: error.errcode, errmsg: withHint(error), ...error.extra }
  }
}

async function perform(stage: Stage, ctx: Context, raw: Buffer): Promise<Record<string, unknown>> {
  const path = ctx.path.replace(/^\/wecom\/cgi-bin\//, '')
  const query = singleQuery(ctx.search)
  if (path === 'gettoken' && ctx.method === 'GET') return wecomToken(stage, query)
  const endpoint = byPath.get(path)
  // the real answer to an unknown address is not documented; 40066 is what WeChat says
  if (endpoint === undefined) throw refusal(40066, `${path} is not played by the sandbox`)
  const app = appOfToken(stage, query['access_token'])
  requireAllowed(stage, endpoint, app)
  // POST by GET and the reverse is a parameter error, never 405 (platform-facts, section 8)
  if (ctx.method !== endpoint.method) throw refusal(40058, `use ${endpoint.method}`)
  return endpoint.answer(stage, {
    app,
    query,
    raw,
    body: bodyOf(endpoint, raw),
    contentType: ctx.get('content-type'),
  })
}

function requireAllowed(stage: Stage, endpoint: WecomEndpoint, app: WecomCall['app']): void {
  if (!stage.world.settings.oneApp && !endpoint.apps.includes(app)) throw refusal(48002)
}

function bodyOf(endpoint: WecomEndpoint, raw: Buffer): unknown {
  if (endpoint.method === 'GET' || endpoint.path === 'media/upload') return undefined
  return parseJson(raw)
}

function withHint({ errcode, message }: Refusal): string {
  const hint = `[${Math.floor(Date.now() / 1000)}_${1 + Math.floor(Math.random() * 99)}_${randomHex(16)}]`
  const more = `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
  return `${message}, hint: ${hint}, from ip: 127.0.0.1, more info at ${more}`
}
