import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Router } from '@koa/router'
import type Koa from 'koa'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.png': 'image/png',
}

/** `folder/name` with plain names only: no dot in front, nothing that climbs. */
const SAFE = /^[a-z][\w-]*(?:\/[\w-]+)*\/[\w-]+\.(?:html|js|css|png)$/

const PLAYGROUND = 'playground/index.html'
const PREVIEW = 'preview/index.html'

/** Until the build that runs beside `npm start` is done; it looks again by itself. */
const BUILDING = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="refresh" content="2"><title>正在构建</title></head>
<body><main><h1>正在构建小程序预览和演示台</h1>
<p>好了以后这一页会自己打开。如果一直停在这里，请看 npm start 的输出，那里写着为什么没有构建成功。</p></main></body></html>
`

/** The official runtime of the mini-program writes style attributes and <style>; no other page may. */
function allowInlineStyles(ctx: Koa.Context): void {
  const policy = String(ctx.response.get('Content-Security-Policy'))
  ctx.set(
    'Content-Security-Policy',
    policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  )
}

/** Where `npm start` puts the pages (scripts/preview/build.mjs), seen from the source and from build/. */
const pagesFolder = path.resolve(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? '../..' : '../../..',
  '.data',
  'pages',
)

/** The preview of the mini-program and the playground: files, built into `folder`. */
export function createFiles(folder = pagesFolder): Router {
  const router = new Router()
  const send =
    (name: string) =>
    (ctx: Koa.Context): Promise<void> =>
      sendFile(ctx, { folder, name })
  router.get('/', (ctx) => {
    ctx.redirect('/playground')
  })
  router.get('/playground', send(PLAYGROUND))
  router.get('/preview', send(PREVIEW))
  router.get(/^\/(?:preview|playground)\/(?!api\/)/, (ctx) => {
    const name = ctx.path.slice(1)
    return sendFile(ctx, { folder, name: name.endsWith('/') ? `${name}index.html` : name })
  })
  return router
}

async function sendFile(
  ctx: Koa.Context,
  { folder, name }: { folder: string; name: string },
): Promise<void> {
  const body = SAFE.test(name)
    ? await readFile(path.join(folder, name)).catch(() => undefined)
    : undefined
  if (!body) {
    if (name === PLAYGROUND || name === PREVIEW) sayBuilding(ctx)
    return
  }
  if (name === PREVIEW) allowInlineStyles(ctx)
  ctx.set('Cache-Control', 'no-cache')
  ctx.type = TYPES[path.extname(name)] ?? 'application/octet-stream'
  ctx.body = body
}

function sayBuilding(ctx: Koa.Context): void {
  ctx.status = 503
  ctx.set({ 'Cache-Control': 'no-store', 'Retry-After': '2' })
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = BUILDING
}
