import { Router } from '@koa/router'
import { createCallbackRoutes } from '../features/callbacks/callbacks.routes.ts'
import { createMediaPages } from '../features/media/media.routes.ts'
import { createPushRoutes } from '../features/notices/push.routes.ts'
import { createOfficialRoutes } from '../features/official-account/official-account.routes.ts'
import { TAGS, type Room } from '../features/room.ts'
import { createStaffPages } from '../features/staff/pages.routes.ts'
import type { Authenticate } from '../http/callers.ts'
import { createDocs } from '../http/docs.ts'
import type { Limits } from '../http/limits.ts'
import { toOpenApi } from '../http/openapi.ts'
import { createOps } from '../http/ops.ts'
import { createVerification } from '../http/verification.ts'
import type { Config } from '../config.ts'
import { createWecomCallback } from '../outside/wecom/wecom.callback.ts'
import { createMiniProgramCallback } from '../outside/weixin/miniprogram.callback.ts'
import { createOfficialCallback } from '../outside/weixin/official.callback.ts'
import { readPush } from '../outside/weixin/official.push.ts'
import type { Rooms } from './rooms.ts'
import type { Tools } from './tools.ts'

const VERSION = '0.1.0'

type Given = {
  rooms: Rooms
  handedOver: readonly Room[]
  limits: Limits
  isReady: () => Promise<{ ready: boolean; reason?: string }>
  /** Pages of who composes the house; no part of the product, nor of the document. */
  more: Router
}

/** All that can be asked of the server, and the document that says so. */
export function createDoors(
  config: Config,
  tools: Tools,
  { rooms, handedOver, limits, isReady, more }: Given,
) {
  const routes = handedOver.flatMap((room) =>
    room.routes ? room.routes.map((route) => ({ tag: room.tag, route })) : [],
  )
  const platformRoutes = createPlatformRoutes(config, tools, rooms)
  const ops = createOps({ isReady, openApi: () => openApi })
  const docs = createDocs()
  const verification = createVerification({ folder: config.verifyFolder })
  const staff = createStaffPages({ ...rooms.staffDesk, limits })
  const media = createMediaPages(rooms.media)
  const pages = [...staff.pages, ...media.pages, ...docs.pages, ...verification.pages, ...ops]
  const openApi = toOpenApi({ routes, platformRoutes, pages, tags: TAGS, version: VERSION })
  const plain = new Router()
  for (const { path, handle } of ops) plain.get(path, handle)
  for (const router of [docs.router, verification.router, more, staff.router, media.router])
    plain.use(router.routes())
  return { openApi, routes: routes.map(({ route }) => route), platformRoutes, plain }
}

/** Where the platforms ring. Either path of WeCom takes every event; each tries its own pair first. */
function createPlatformRoutes(config: Config, tools: Tools, rooms: Rooms) {
  const { wecom, official, push, production } = config
  const { callbacks, officialAccount } = rooms
  const { corpId, contactCallback, kfCallback } = wecom
  const pipes = {
    contactPipe: createWecomCallback({ corpId, pairs: [contactCallback, kfCallback] }),
    kfPipe: createWecomCallback({ corpId, pairs: [kfCallback, contactCallback] }),
  }
  const ofWecom = createCallbackRoutes({ ...tools, ...pipes, callbacks })
  const ofMiniProgram = push
    ? createPushRoutes({
        ...tools,
        callbacks,
        pipe: createMiniProgramCallback({ ...push, allowPlain: !production }),
      })
    : []
  if (!official || !officialAccount) return [...ofWecom, ...ofMiniProgram]
  const pipe = createOfficialCallback(official)
  return [
    ...ofWecom,
    ...ofMiniProgram,
    ...createOfficialRoutes({ ...tools, officialAccount, pipe, read: readPush }),
  ]
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
