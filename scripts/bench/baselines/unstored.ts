import { Router } from '@koa/router'
import type Koa from 'koa'
import { createCallbackRoutes } from '../../../server/features/callbacks/callbacks.routes.ts'
import { createApp } from '../../../server/http/app.ts'
import { createLimits } from '../../../server/http/limits.ts'
import { createLog } from '../../../server/lib/log.ts'
import { createPipe } from '../rings.ts'

/** The front door and the route of callbacks as they are; what is kept is forgotten. */
export function createUnstored(): Koa {
  const log = createLog({ level: 'warn' })
  const clock = (): Date => new Date()
  const pipe = createPipe()
  const platformRoutes = createCallbackRoutes({
    callbacks: { keep: async () => {} },
    contactPipe: pipe,
    kfPipe: pipe,
    clockDoubts: { note: async () => {} },
    clock,
    log,
  })
  const nobody = async (): Promise<null> => null
  return createApp({
    routes: [],
    platformRoutes,
    authenticate: {
      customer: nobody,
      key: nobody,
      staff: {
        cookie: 'staff',
        origin: null,
        find: nobody,
        findOfficer: nobody,
        vouch: async () => 'unknown',
      },
    },
    limits: createLimits({ clock }),
    log,
    plain: new Router(),
    proxies: 0,
  })
}
