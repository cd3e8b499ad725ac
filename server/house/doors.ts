import { createCallbackRoutes } from '../features/callbacks/callbacks.routes.ts'
import { createOfficialRoutes } from '../features/official-account/official-account.routes.ts'
import type { Authenticate } from '../http/callers.ts'
import type { Config } from '../config.ts'
import { createWecomCallback } from '../outside/wecom/wecom.callback.ts'
import { createOfficialCallback } from '../outside/weixin/official.callback.ts'
import { readPush } from '../outside/weixin/official.push.ts'
import type { Rooms } from './rooms.ts'
import type { Tools } from './tools.ts'

/** Where the platforms ring. Either path of WeCom takes every event; each tries its own pair first. */
export function createPlatformRoutes({ wecom, official }: Config, tools: Tools, rooms: Rooms) {
  const { callbacks, officialAccount } = rooms
  const { corpId, contactCallback, kfCallback } = wecom
  const pipes = {
    contactPipe: createWecomCallback({ corpId, pairs: [contactCallback, kfCallback] }),
    kfPipe: createWecomCallback({ corpId, pairs: [kfCallback, contactCallback] }),
  }
  const ofWecom = createCallbackRoutes({ ...tools, ...pipes, callbacks })
  if (!official || !officialAccount) return ofWecom
  const pipe = createOfficialCallback(official)
  return [...ofWecom, ...createOfficialRoutes({ ...tools, officialAccount, pipe, read: readPush })]
}

/** Who is calling: a customer's session, a member's cookie, or a key. */
export function createAuthenticate({
  sessions,
  access,
  staffDesk: { cookies, baseUrl, signIn },
}: Rooms): Authenticate {
  return {
    staff: {
      cookie: cookies.session,
      origin: baseUrl === null ? null : new URL(baseUrl).origin,
      find: async (token) => {
        const member = await signIn.find(token)
        return member && { kind: 'staff', ...member }
      },
      findOfficer: async (token) => {
        const member = await signIn.find(token)
        return member && access.findMember(member.userId)
      },
      vouch: signIn.vouch,
    },
    customer: async (token) => {
      const caller = await sessions.find(token)
      return caller && { kind: 'customer', ...caller }
    },
    key: access.findHolder,
  }
}
