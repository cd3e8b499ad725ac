import { readFileSync } from 'node:fs'
import path from 'node:path'
import { dataDirOf, type Environment } from '../checkout/environment.ts'
import { findLeader } from '../start/instance.ts'
import { officialEnvironment, pushEnvironment, sandboxEnvironment } from '../sandbox/environment.ts'
import { decideWorld, type World } from '../start/world.ts'
import { fail, type Finding } from './report.ts'

/** `missing`: why there is nothing to look at. */
type Installation = { world: World; env: Environment; missing?: Finding }

/** The environment the server of this checkout has: that of `npm start`, which in the sandbox fills in much of it. */
export function findInstallation(env: Environment): Installation {
  const world = decideWorld(env)
  const own = { ...readSecretKey(env), ...env }
  if (world === 'real') return { world, env: { ...own, SANDBOX: 'off' } }
  const running = findLeader(dataDirOf(env))
  if (!running) return { world, env: own, missing: NOTHING_RUNS }
  return {
    world,
    env: {
      ...own,
      ...sandboxEnvironment(running.sandbox),
      ...officialEnvironment,
      ...pushEnvironment,
      ADMIN_KEY: running.adminKey,
      PUBLIC_BASE_URL: running.server,
    },
  }
}

const NOTHING_RUNS = fail(
  ['运行环境', 'world'],
  ['没有配置企业微信和小程序凭据，沙箱也没有运行', 'there are no credentials, and no sandbox runs'],
  [
    '先在另一个终端运行 npm start；要接入真实企业，按 docs/connecting.md 填写 .env',
    'run npm start in another terminal; for a real corp fill in .env as docs/connecting.md says',
  ],
)

/** What `npm start` made when SECRET_KEY was not set; the doctor makes nothing. */
function readSecretKey(env: Environment): Environment {
  if (env['NODE_ENV'] === 'production') return {}
  try {
    return { SECRET_KEY: readFileSync(path.join(dataDirOf(env), 'secret.key'), 'utf8').trim() }
  } catch {
    return {}
  }
}
