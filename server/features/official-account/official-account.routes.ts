import { createCallbackRefusal } from '../../http/callback-refusal.ts'
import { createEchoRoute } from '../../http/echo-route.ts'
import type { PlatformRoute } from '../../http/route.ts'
import type { ClockDoubts } from '../../lib/clock-doubts.ts'
import type { Log } from '../../lib/log.ts'
import { randomToken } from '../../lib/secrets.ts'
import type { OfficialCallback } from '../../outside/weixin/official.callback.ts'
import type { readPush } from '../../outside/weixin/official.push.ts'
import type { OfficialAccount } from './official-account.ts'

type Deps = {
  officialAccount: Pick<OfficialAccount, 'receive'>
  pipe: Pick<OfficialCallback, 'open' | 'echo' | 'answer'>
  /** Reads opened fields in our words. */
  read: typeof readPush
  clockDoubts: ClockDoubts
  clock: () => Date
  log: Log
}
const PATH = '/api/wechat/message'
const SIGNED = ['signature', 'timestamp', 'nonce']

/** The server of the official account (R0.70): the reply is the answer to the push itself. */
export function createOfficialRoutes(deps: Deps): PlatformRoute[] {
  const opening = createCallbackRefusal({
    ...deps,
    door: 'official',
    says: 'a push of the official account was refused',
    receiver: '本公众号',
  })
  return [
    createEchoRoute({
      path: PATH,
      summary: 'WeChat checks the address of the official account: its echostr',
      signed: SIGNED,
      open: (query) => opening(query, () => deps.pipe.echo(query, deps.clock())),
    }),
    {
      method: 'post',
      path: PATH,
      summary: 'A push of the official account; the reply is the answer',
      query: ['msg_signature', ...SIGNED],
      answers: ['text/plain', 'application/xml'],
      handle: async (ctx, body) => {
        const { fields } = await opening(ctx.query, () =>
          deps.pipe.open({ query: ctx.query, body, now: deps.clock() }),
        )
        const push = deps.read(fields)
        // It is as unreadable when it comes again: WeChat is told that it has arrived.
        if (push === undefined)
          deps.log.warn(
            { fields: Object.keys(fields).slice(0, 20) },
            'a push of the official account could not be read',
          )
        const text = push === undefined ? null : await deps.officialAccount.receive(push)
        Object.assign(
          ctx,
          push === undefined || text === null
            ? { type: 'text/plain', body: 'success' }
            : { type: 'application/xml', body: reply(deps, push, text) },
        )
      },
    },
  ]
}

function reply(
  { pipe, clock }: Deps,
  { openid, originalId }: { openid: string; originalId: string },
  text: string,
): string {
  const at = clock()
  return pipe.answer(
    { to: openid, from: originalId, text, at },
    { timestamp: String(Math.floor(at.getTime() / 1000)), nonce: randomToken(128) },
  )
}
