import { Router } from '@koa/router'

type Readiness = { ready: boolean; reason?: string }

/** /healthz: the process lives. /readyz: it can serve. /openapi.json: what it serves. */
export function createOps(deps: { isReady: () => Promise<Readiness>; openApi: object }): Router {
  const router = new Router()
  router.get('/healthz', (ctx) => {
    ctx.body = { ok: true }
  })
  router.get('/readyz', async (ctx) => {
    const readiness = await deps.isReady()
    ctx.status = readiness.ready ? 200 : 503
    ctx.body = readiness
  })
  router.get('/openapi.json', (ctx) => {
    ctx.body = deps.openApi
  })
  return router
}
