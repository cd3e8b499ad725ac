import { createCallbackRefusal } from '../../http/callback-refusal.ts'
import { createEchoRoute } from '../../http/echo-route.ts'
import type { PlatformRoute } from '../../http/route.ts'
import type { ClockDoubts } from '../../lib/clock-doubts.ts'
import type { Log } from '../../lib/log.ts'
import type { MiniProgramCallback } from '../../outside/weixin/miniprogram.callback.ts'
import type { Callbacks } from '../callbacks/callbacks.ts'

type Deps = {
  callbacks: Pick<Callbacks, 'keep'>
  pipe: Pick<MiniProgramCallback, 'open' | 'echo'>
  clockDoubts: ClockDoubts
  clock: () => Date
  log: Log
}
const PATH = '/api/wechat/miniprogram'
const SIGNED = ['signature', 'timestamp', 'nonce']

/** What the letterbox says of a push of the mini-program. */
export const PUSH_SOURCE = 'miniprogram'

/** The message push of the mini-program: kept, then answered; what it says is heard from the letterbox. */
export function createPushRoutes(deps: Deps): PlatformRoute[] {
  const opening = createCallbackRefusal({
    ...deps,
    door: 'miniprogram',
    says: 'a push of the mini-program was refused',
    receiver: '本小程序',
  })
  return [
    createEchoRoute({
      path: PATH,
      summary: 'WeChat checks the address of the message push: its echostr',
      signed: SIGNED,
      open: (query) => opening(query, () => deps.pipe.echo(query, deps.clock())),
    }),
    {
      method: 'post',
      path: PATH,
      summary: 'A push of the mini-program, XML or JSON; kept before it is answered',
      query: ['msg_signature', ...SIGNED],
      answers: ['text/plain'],
      handle: async (ctx, body) => {
        const { xml } = await opening(ctx.query, () =>
          deps.pipe.open({ query: ctx.query, body, now: deps.clock() }),
        )
        await deps.callbacks.keep(PUSH_SOURCE, xml)
        Object.assign(ctx, { type: 'text/plain', body: 'success' })
      },
    },
  ]
}
