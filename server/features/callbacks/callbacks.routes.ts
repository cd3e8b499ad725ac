import { createCallbackRefusal } from '../../http/callback-refusal.ts'
import { createEchoRoute } from '../../http/echo-route.ts'
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

const SIGNED = ['msg_signature', 'timestamp', 'nonce']

/** Either path takes every WeCom event; each tries its own token and key first. */
export function createCallbackRoutes(deps: Deps): PlatformRoute[] {
  const opening = createCallbackRefusal({
    ...deps,
    door: 'wecom',
    says: 'a callback was refused',
    receiver: '本企业',
  })
  return [
    { path: '/api/wework/callback', pipe: deps.contactPipe },
    { path: '/api/wechat-work/message', pipe: deps.kfPipe },
  ].flatMap(({ path, pipe }): PlatformRoute[] => [
    createEchoRoute({
      path,
      summary: 'WeCom checks the address: its echostr, decrypted',
      signed: SIGNED,
      open: (query) => opening(query, () => pipe.echo(query, deps.clock())),
    }),
    {
      method: 'post',
      path,
      summary: 'An event of WeCom, encrypted and signed; kept before it is answered',
      query: SIGNED,
      answers: ['text/plain'],
      handle: async (ctx, body) => {
        const { xml } = await opening(ctx.query, () =>
          pipe.open({ query: ctx.query, body, now: deps.clock() }),
        )
        await deps.callbacks.keep('wecom', xml)
        Object.assign(ctx, { status: 200, type: 'text/plain', body: '' })
      },
    },
  ])
}
