import { randomUUID } from 'node:crypto'
import { Router } from '@koa/router'
import Koa from 'koa'
import { HttpMethodEnum, koaBody } from 'koa-body'
import helmet from 'koa-helmet'
import type { Log } from '../lib/log.ts'
import { identifyCaller, refuseForbidden, type Authenticate } from './callers.ts'
import { refuse, REQUEST, toHttpError } from './errors.ts'
import { hidePhones } from './hide-phones.ts'
import type { Limits } from './limits.ts'
import type { PlatformRoute, Route } from './route.ts'

type Deps = {
  routes: readonly Route[]
  platformRoutes: readonly PlatformRoute[]
  authenticate: Authenticate
  limits: Limits
  log: Log
  /** Pages, and what answers machines without an envelope. */
  plain: Router
  /** Reverse proxies of ours in front: so many entries of X-Forwarded-For are believed. */
  proxies: number
}

/** Pages load what this server serves and nothing else; no style and no script in the markup. */
const OWN_ONLY = {
  'default-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'script-src-attr': ["'none'"],
  'style-src': ["'self'"],
}

/** The front door: ids, safe headers, errors, bodies, callers, limits; knows no room. */
export function createApp(deps: Deps): Koa {
  const app = new Koa({ proxy: deps.proxies > 0, maxIpsCount: deps.proxies })
  app.silent = true
  app.use(identifyRequest)
  app.use(answerErrors(deps.log))
  if (deps.proxies === 0) app.use(warnOfProxy(deps.log))
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: OWN_ONLY } }))
  app.use(deps.plain.routes())
  const router = new Router()
  const json = koaBody({
    text: false,
    urlencoded: false,
    multipart: false,
    jsonLimit: '256kb',
    jsonStrict: true,
    // A deed that takes something away says why, too.
    parsedMethods: [HttpMethodEnum.POST, HttpMethodEnum.PUT, HttpMethodEnum.DELETE],
  })
  const text = koaBody({
    text: true,
    textLimit: '64kb',
    json: false,
    urlencoded: false,
    multipart: false,
  })
  for (const route of deps.routes)
    router[route.method](route.path, (ctx) => serve(ctx, route, { ...deps, json }))
  for (const route of deps.platformRoutes)
    router[route.method](route.path, (ctx) => servePlatform(ctx, route, { text, log: deps.log }))
  app.use(router.routes()).use(router.allowedMethods({ throw: true }))
  return app
}

type BodyParser = ReturnType<typeof koaBody>

/** Neither our clients nor the platforms compress what they send: whoever does is after the unpacking. */
function refuseCompressed(ctx: Koa.Context): void {
  if (!['', 'identity'].includes(ctx.get('Content-Encoding'))) throw refuse(REQUEST.mediaType)
}

type Service = Pick<Deps, 'authenticate' | 'limits'> & { json: BodyParser }

async function serve(
  ctx: Koa.Context,
  route: Route,
  { authenticate, limits, json }: Service,
): Promise<void> {
  ctx.set('Cache-Control', 'no-store')
  refuseCompressed(ctx)
  const caller = await identifyCaller(ctx, route, { authenticate, limits })
  limits.count(caller, ctx.ip)
  await refuseForbidden(ctx, { caller, route, authenticate })
  if (route.schemas.body) {
    if (!ctx.is('json')) throw refuse(REQUEST.mediaType)
    await json(ctx, async () => {})
  }
  const answer = await route.handle(ctx, caller)
  if (answer.file) {
    ctx.attachment(answer.file.name)
    ctx.type = `${route.gives ?? 'text/plain'}; charset=utf-8`
    ctx.body = answer.file.content
    return
  }
  const isForOffice = caller !== undefined && caller.kind !== 'customer' && !route.reveals
  ctx.body = {
    success: true,
    data: isForOffice ? hidePhones(answer.data) : answer.data,
    message: answer.message ?? '',
    timestamp: Date.now(),
  }
}

/** What is not even read is refused with a word in the log too: somebody may be looking for it. */
async function servePlatform(
  ctx: Koa.Context,
  route: PlatformRoute,
  { text, log }: { text: BodyParser; log: Log },
): Promise<void> {
  const body = await readPlatformBody(ctx, route, text).catch((error: unknown) => {
    log.warn({ route: route.path, reason: toHttpError(error).code }, 'a callback was refused')
    throw error
  })
  await route.handle(ctx, body)
}

/** Gateways send XML and JSON as octet-stream, or as nothing: whether it is one of ours its signature says, not its type. */
async function readPlatformBody(
  ctx: Koa.Context,
  route: PlatformRoute,
  text: BodyParser,
): Promise<string> {
  refuseCompressed(ctx)
  if (route.method !== 'post') return ''
  ctx.req.headers['content-type'] = 'text/plain'
  await text(ctx, async () => {})
  const body: unknown = ctx.request.body
  return typeof body === 'string' ? body : ''
}

async function identifyRequest(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  const given = ctx.get('X-Request-Id')
  ctx.state['requestId'] = /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
  ctx.set('X-Request-Id', String(ctx.state['requestId']))
  await next()
}

/** All callers look like the proxy then, and share the limits of one address. Anybody can send the header: said once. */
function warnOfProxy(log: Log): Koa.Middleware {
  let isSaid = false
  return async (ctx, next) => {
    if (!isSaid && ctx.get('X-Forwarded-For') !== '') {
      isSaid = true
      log.warn(
        'X-Forwarded-For came, but TRUST_PROXY_HOPS is 0: behind a proxy all callers share the limits of one address (docs/connecting.md)',
      )
    }
    await next()
  }
}

const answerErrors =
  (log: Log) =>
  async (ctx: Koa.Context, next: Koa.Next): Promise<void> => {
    try {
      await next()
      if (ctx.status === 404 && ctx.body == null) throw refuse(REQUEST.unknownRoute)
    } catch (error) {
      const answer = toHttpError(error)
      const requestId = String(ctx.state['requestId'])
      const line = {
        method: ctx.method,
        route: String(ctx['_matchedRoute'] ?? 'unknown'),
        status: answer.status,
        reason: answer.code,
        requestId,
      }
      if (answer.status === 503) log.warn({ ...line, err: error }, 'a request could not be served')
      else if (answer.status >= 500) log.error({ ...line, err: error }, 'a request failed')
      else log.debug(line, 'a request was refused')
      ctx.status = answer.status
      ctx.set(answer.headers)
      ctx.body = {
        success: false,
        error: { code: answer.code },
        message: answer.message,
        timestamp: Date.now(),
        requestId,
      }
    }
  }
