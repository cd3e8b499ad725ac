import Koa, { type Context } from 'koa'

import { ControlError, Refusal } from './base/refusal.ts'
import { clientControl } from './client/control.ts'
import { createControlRouter, type Desk } from './http/control.ts'
import { faultsControl } from './control/faults.ts'
import { kfControl } from './control/kf.ts'
import { membersControl } from './control/members.ts'
import { peopleControl } from './control/people.ts'
import { worldControl } from './control/world.ts'
import { createOpenRouter } from './staff/authorize.ts'
import { staffControl } from './staff/control.ts'
import { HangUp } from './http/faulty.ts'
import { serveWecom } from './wecom.ts'
import { serveWeixin } from './weixin.ts'
import { subscribeControl } from './weixin/subscribe/control.ts'

type Options = Desk & { changed: () => void; log: (line: string) => void }

/** One door per platform, one for the control API. The world is marked as changed after every call that is no GET of ours. */
export function createApp({ changed, log, ...desk }: Options): Koa {
  const app = new Koa()
  const control = createControlRouter()
  for (const part of [
    worldControl,
    peopleControl,
    membersControl,
    kfControl,
    faultsControl,
    staffControl,
    subscribeControl,
    clientControl,
  ])
    part(control, desk)
  app.use(async (ctx, next) => {
    await guarded(ctx, log, next)
    changed()
  })
  app.use(async (ctx, next) => {
    const serve = doorOf(ctx.path)
    if (serve === undefined) {
      await next()
      return
    }
    const errcode = await serve(desk.stage, ctx)
    desk.journal.note({ method: ctx.method, path: ctx.path, errcode })
    if (errcode !== 0) log(`sandbox: ${ctx.method} ${ctx.path} -> ${errcode}`)
  })
  app.use(control.router.routes())
  app.use(createOpenRouter(desk).routes())
  // a client that went away in the middle of an answer is no news
  app.on('error', () => {})
  return app
}

function doorOf(path: string): typeof serveWecom | undefined {
  if (path.startsWith('/wecom/cgi-bin/')) return serveWecom
  return path.startsWith('/weixin/') ? serveWeixin : undefined
}

async function guarded(
  ctx: Context,
  log: (line: string) => void,
  next: () => Promise<unknown>,
): Promise<void> {
  try {
    await next()
    if (ctx.body === undefined) answer(ctx, 404, `nothing at ${ctx.method} ${ctx.path}`)
  } catch (error) {
    if (error instanceof HangUp) return hangUp(ctx)
    if (error instanceof ControlError) return answer(ctx, error.status, error.message)
    if (error instanceof Refusal) return answer(ctx, 400, error.message)
    log(
      `sandbox: bug at ${ctx.method} ${ctx.path}: ${error instanceof Error ? String(error.stack) : String(error)}`,
    )
    answer(ctx, 500, 'the sandbox itself failed')
  }
}

function answer(ctx: Context, status: number, error: string): void {
  ctx.status = status
  ctx.body = { error }
}

function hangUp(ctx: Context): void {
  ctx.respond = false
  ctx.req.socket.destroy()
}
