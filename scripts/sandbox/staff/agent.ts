import { sandboxCredentials } from '../base/credentials.ts'
import { refusal } from '../base/errcodes.ts'
import type { Stage } from '../world/stage.ts'

/** GET agent/get (W:90227): the app as its page in the console has it. An app is told of itself alone. */
export function readAgent(
  { world }: Stage,
  query: Record<string, string>,
): Record<string, unknown> {
  if (query['agentid'] !== sandboxCredentials.agentId) throw refusal(40056)
  const { callbackBase, trustedDomain, appHome, appIsStopped, appIsVisible } = world.settings
  const base = callbackBase?.replace(/\/+$/, '')
  return {
    agentid: Number(sandboxCredentials.agentId),
    name: '进度通',
    allow_userinfos: { user: [] },
    allow_partys: { partyid: appIsVisible ? [1] : [] },
    allow_tags: { tagid: [] },
    close: appIsStopped ? 1 : 0,
    redirect_domain: trustedDomain ?? (base === undefined ? '' : new URL(base).host),
    home_url: appHome ?? (base === undefined ? '' : `${base}/staff/`),
    report_location_flag: 0,
    isreportenter: 0,
  }
}
