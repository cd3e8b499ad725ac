import type { PlainRoute } from './route.ts'

type Readiness = { ready: boolean; reason?: string }
type Deps = { isReady: () => Promise<Readiness>; openApi: () => object }

/** /healthz: the process lives. /readyz: it can serve. /openapi.json: what it serves. */
export const createOps = ({ isReady, openApi }: Deps): readonly PlainRoute[] => [
  {
    path: '/healthz',
    summary: 'Whether the process lives',
    type: 'application/json',
    answers: { 200: 'it does' },
    handle: (ctx) => {
      ctx.body = { ok: true }
    },
  },
  {
    path: '/readyz',
    summary: 'Whether it can serve',
    type: 'application/json',
    answers: { 200: 'it can', 503: 'the database does not answer' },
    handle: async (ctx) => {
      const readiness = await isReady()
      ctx.status = readiness.ready ? 200 : 503
      ctx.body = readiness
    },
  },
  {
    path: '/openapi.json',
    summary: 'This document',
    type: 'application/json',
    answers: { 200: 'OpenAPI 3.1' },
    handle: (ctx) => {
      ctx.body = openApi()
    },
  },
]
