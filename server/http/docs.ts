import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Router } from '@koa/router'
import type Koa from 'koa'
import type { PlainRoute } from './route.ts'

const require = createRequire(import.meta.url)
const YEAR_SECONDS = 31_536_000

/** The OpenAPI document to read and to try, without any network but ours (docs/decisions/docs-page.md). */
export function createDocs(): { router: Router; pages: readonly PlainRoute[] } {
  const router = new Router()
  const manifest = require.resolve('swagger-ui-dist/package.json')
  const { version } = require(manifest) as { version: string }
  const folder = `/docs/${version}`
  const page: PlainRoute = {
    path: '/docs',
    summary: 'This document, to read and to try',
    type: 'text/html',
    answers: { 200: 'the page' },
    handle: (ctx) => send(ctx, { type: 'html', text: renderPage(folder), keep: 'no-cache' }),
  }
  router.get(page.path, page.handle)
  router.get('/docs/start.js', (ctx) => send(ctx, { type: 'js', text: START, keep: 'no-cache' }))
  router.get('/docs/docs.css', (ctx) => send(ctx, { type: 'css', text: STYLE, keep: 'no-cache' }))
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    router.get(`${folder}/${name}`, async (ctx) =>
      send(ctx, {
        type: path.extname(name),
        text: await readFile(path.join(path.dirname(manifest), name), 'utf8'),
        keep: `public, max-age=${String(YEAR_SECONDS)}, immutable`,
      }),
    )
  return { router, pages: [page] }
}

function send(
  ctx: Koa.Context,
  { type, text, keep }: { type: string; text: string; keep: string },
) {
  ctx.set('Cache-Control', keep)
  ctx.type = type
  ctx.body = text
}

const renderPage = (folder: string): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>进度通 API</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${folder}/swagger-ui.css"><link rel="stylesheet" href="/docs/docs.css"></head>
<body><div id="docs"></div>
<script src="${folder}/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
`

/** Its tables are wider than a phone: they move, and the page stays. */
const STYLE = '.swagger-ui .opblock-body { overflow-x: auto }\n'

/** Its own address is all it may ask: no validator elsewhere. */
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  filter: true,
  validatorUrl: null,
})
`
