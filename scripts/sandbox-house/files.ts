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

const PREVIEW = 'preview/index.html'

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

/** The preview of the mini-program and the playground: files. */
export function createFiles(): Router {
  const router = new Router()
  const send =
    (name: string) =>
    (ctx: Koa.Context): Promise<void> =>
      sendFile(ctx, name)
  router.get('/', (ctx) => {
    ctx.redirect('/playground')
  })
  router.get('/playground', send('playground/index.html'))
  router.get('/preview', send(PREVIEW))
  router.get(/^\/(?:preview|playground)\/(?!api\/)/, (ctx) => {
    const name = ctx.path.slice(1)
    return sendFile(ctx, name.endsWith('/') ? `${name}index.html` : name)
  })
  return router
}

async function sendFile(ctx: Koa.Context, name: string): Promise<void> {
  const body = SAFE.test(name)
    ? await readFile(path.join(pagesFolder, name)).catch(() => undefined)
    : undefined
  if (!body) return
  if (name === PREVIEW) allowInlineStyles(ctx)
  ctx.set('Cache-Control', 'no-cache')
  ctx.type = TYPES[path.extname(name)] ?? 'application/octet-stream'
  ctx.body = body
}
