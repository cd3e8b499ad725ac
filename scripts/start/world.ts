import { StartRefused, type Environment } from '../checkout/environment.ts'

/** sandbox: WeChat and WeCom are played on this machine, with a demo world. real: the platforms themselves. */
export type World = 'sandbox' | 'real'

const CREDENTIALS = /^(WEWORK_|WECHAT_APP_)/

/**
 * `SANDBOX=auto` means the sandbox when there is not a single credential: a half-filled configuration is the server's
 * to refuse, variable by variable.
 */
export function decideWorld(env: Environment): World {
  const wish = env['SANDBOX'] ?? 'auto'
  const isProduction = env['NODE_ENV'] === 'production'
  if (!['auto', 'on', 'off'].includes(wish))
    throw new StartRefused(`SANDBOX is "${wish}"; it may be auto, on or off`)
  if (wish === 'on' && isProduction)
    throw new StartRefused('SANDBOX=on is refused when NODE_ENV=production')
  if (wish !== 'auto') return wish === 'on' ? 'sandbox' : 'real'
  return isProduction || Object.keys(env).some((name) => CREDENTIALS.test(name))
    ? 'real'
    : 'sandbox'
}
