import { Router } from '@koa/router'
import type { Pages } from '../../server/compose.ts'
import { readEvent } from '../../server/outside/wecom/wecom.event.ts'
import { createFiles } from './files.ts'
import { createPlaygroundRoutes } from './playground/playground.routes.ts'
import { createPlayground } from './playground/playground.ts'
import { createSandboxControl } from './playground/sandbox-control.ts'

/** The mini-program's preview and the playground, beside a sandbox and nowhere else. */
export const addSandboxPages: Pages = ({ config, db, clock, rooms }) => {
  const router = new Router()
  if (config.kind !== 'sandbox' || config.production) return router
  const sandbox = createSandboxControl(config.weixin.baseUrl.replace(/\/weixin$/, ''))
  const playground = createPlayground({ db, clock, ...rooms, sandbox, read: readEvent })
  return router.use(createFiles().routes(), createPlaygroundRoutes(playground).routes())
}
