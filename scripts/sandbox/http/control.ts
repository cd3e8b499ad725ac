import Router from '@koa/router'
import type { Context } from 'koa'

import { ControlError } from '../base/refusal.ts'
import type { Courier } from '../callbacks/courier.ts'
import { parseJson, readRaw } from './read-request.ts'
import type { Journal } from './journal.ts'
import type { Stage } from '../world/stage.ts'

export type Desk = { stage: Stage; courier: Courier; journal: Journal }

type Params = Record<string, string>
type Handler = (call: { params: Params; body: unknown; query: Params }) => unknown

/** Bare JSON in and out. A POST without body counts as {}; a handler that returns nothing answers {ok: true}. */
export function createControlRouter() {
  const router = new Router({ prefix: '/_sandbox' })
  const handle = (handler: Handler) => async (ctx: Context & { params: Params }) => {
    const raw = await readRaw(ctx.req)
    const body = raw.length === 0 ? {} : parseJson(raw)
    const query = Object.fromEntries(new URLSearchParams(ctx.search))
    ctx.body = (await handler({ params: ctx.params, body, query })) ?? { ok: true }
  }
  return {
    router,
    get: (path: string, handler: Handler) => void router.get(path, handle(handler)),
    post: (path: string, handler: Handler) => void router.post(path, handle(handler)),
  }
}

export type ControlRouter = ReturnType<typeof createControlRouter>

export function param(params: Params, name: string): string {
  const value = params[name]
  if (value === undefined) throw new ControlError(400, `${name} missing`)
  return value
}
