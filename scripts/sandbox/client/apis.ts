type System = 'android' | 'ios' | 'windows'
export type Device = { version: string; system: System }

type Api = { since: string; mobileOnly: boolean; needsCustomers: boolean }

/** What a page may call after agentConfig, by its name on the bridge. An app identity is needed for all of them. */
const APIS: Readonly<Record<string, Api>> = {
  // @wecom/jssdk, declaration of navigateToAddCustomer: iOS and Android, and the member has 客户联系
  navigateToAddCustomer: { since: '3.0.36', mobileOnly: true, needsCustomers: true },
}

const AGENT_CONFIG_SINCE = '2.5.0'
/** Until here wx.config must have succeeded before (W:94313). */
const AGENT_CONFIG_ALONE_SINCE = '3.0.24'

export const knowsAgentConfig = ({ version }: Device): boolean =>
  isAtLeast(version, AGENT_CONFIG_SINCE)
export const needsConfigFirst = ({ version }: Device): boolean =>
  !isAtLeast(version, AGENT_CONFIG_ALONE_SINCE)

/** The native screen behind a call, as far as this client has it. */
export function findApi(name: string, { version, system }: Device): Api | undefined {
  const api = Object.hasOwn(APIS, name) ? APIS[name] : undefined
  if (api === undefined || !isAtLeast(version, api.since)) return undefined
  return api.mobileOnly && system === 'windows' ? undefined : api
}

/** How each client introduces itself (W:90315). */
export function userAgentOf({ version, system }: Device): string {
  const browsers: Record<System, string> = {
    android:
      'Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36',
    ios: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
    windows:
      'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.0.0 Safari/537.36',
  }
  return `${browsers[system]} wxwork/${version} MicroMessenger/7.0.1 Language/zh`
}

function isAtLeast(version: string, since: string): boolean {
  const [have, need] = [version.split('.').map(Number), since.split('.').map(Number)]
  const at = need.findIndex((number, index) => number !== (have[index] ?? 0))
  return at === -1 || (have[at] ?? 0) > (need[at] ?? 0)
}
