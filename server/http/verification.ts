import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { Router } from '@koa/router'
import type Koa from 'koa'
import { refuse, REQUEST } from './errors.ts'
import type { PlainRoute } from './route.ts'

/** WW_verify_x.txt (trusted domain), MP_verify_x.txt (official account) and x.txt (mini-program), where x are letters and digits. */
const NAME = '(?:WW_verify_|MP_verify_)?[A-Za-z0-9]{8,64}\\.txt'
const ADDRESS = new RegExp(`^/${NAME}$`)
const FILE = new RegExp(`^${NAME}$`)
/** The real ones hold one line of a few dozen characters. */
const LARGEST_BYTES = 1_024
/** No links that lead elsewhere, and no waiting for a pipe; Windows has neither. */
const HOW = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Whether a file of that name would be served. */
export const isVerificationName = (name: string): boolean => FILE.test(name)

/**
 * The files by which the consoles see that a domain is ours: whatever lies in `folder` under such a name, at the root.
 * Read at every request: they are put there while the server runs.
 */
export function createVerification({ folder }: { folder: string }): {
  router: Router
  pages: readonly PlainRoute[]
} {
  const router = new Router()
  const page: PlainRoute = {
    path: '/{name}.txt',
    params: { name: 'WW_verify_…, MP_verify_…, or letters and digits alone' },
    summary: 'A file by which a console of WeCom or WeChat verifies the domain',
    type: 'text/plain',
    answers: { 200: 'as it lies in DATA_DIR/verify', 404: 'no such file' },
    handle: (ctx) => send(ctx, folder),
  }
  router.all(ADDRESS, (ctx) => {
    if (!['GET', 'HEAD'].includes(ctx.method)) throw refuse(REQUEST.method)
    return page.handle(ctx)
  })
  return { router, pages: [page] }
}

async function send(ctx: Koa.Context, folder: string): Promise<void> {
  const text = await read(path.join(folder, ctx.path.slice(1)))
  if (text === undefined) return
  ctx.set('Cache-Control', 'no-cache')
  ctx.type = 'text/plain; charset=utf-8'
  ctx.body = text
}

async function read(name: string): Promise<Buffer | undefined> {
  const file = await open(name, HOW).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size > LARGEST_BYTES) return undefined
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LARGEST_BYTES) })
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
