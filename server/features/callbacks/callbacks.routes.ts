import type Koa from 'koa'
import { HttpError } from '../../http/errors.ts'
import type { PlatformRoute } from '../../http/route.ts'
import type { ClockDoubts } from '../../lib/clock-doubts.ts'
import type { Log } from '../../lib/log.ts'
import type { WecomCallback } from '../../outside/wecom/wecom.callback.ts'
import type { Callbacks } from './callbacks.ts'

type Pipe = Pick<WecomCallback, 'open' | 'echo'>
type Deps = {
  callbacks: Pick<Callbacks, 'keep'>
  contactPipe: Pipe
  kfPipe: Pipe
  clockDoubts: ClockDoubts
  clock: () => Date
  log: Log
}

/** Either path takes every WeCom event; each tries its own token and key first. */
export function createCallbackRoutes(deps: Deps): PlatformRoute[] {
  return [
    { path: '/api/wework/callback', pipe: deps.contactPipe },
    { path: '/api/wechat-work/message', pipe: deps.kfPipe },
  ].flatMap(({ path, pipe }): PlatformRoute[] => [
    { method: 'get', path, handle: async (ctx) => answer(ctx, await refuse(deps, ctx.query, () => pipe.echo(ctx.query, deps.clock()))) },
    {
      method: 'post', path, handle: async (ctx, body) => {
        const { xml } = await refuse(deps, ctx.query, () => pipe.open({ query: ctx.query, body, now: deps.clock() }))
        await deps.callbacks.keep('wecom', xml)
        answer(ctx, '')
      },
    },
  ])
}

function answer(ctx: Koa.Context, text: string): void {
  ctx.status = 200
  ctx.type = 'text/plain'
  ctx.body = text
}

const REFUSALS: Record<string, readonly [status: number, code: string, message: string]> = {
  bad_signature: [401, 'callback.bad_signature', '回调签名不正确'],
  stale: [401, 'callback.stale', '回调时间戳已过期'],
  bad_receiver: [403, 'callback.bad_receiver', '回调不属于本企业'],
}

/** What does not verify is refused and logged; nothing of it is kept. */
async function refuse<T>(deps: Deps, { timestamp }: { timestamp?: unknown }, open: () => T): Promise<T> {
  try {
    return open()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    deps.log.warn({ reason: code || (error as Error).name }, 'a callback was refused')
    if (code === 'stale') await deps.clockDoubts.note('wecom', timestamp)
    throw new HttpError(...(REFUSALS[code] ?? ([400, 'callback.malformed', '回调内容无法解析'] as const)))
  }
}
