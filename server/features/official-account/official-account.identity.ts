import { createSingleFlight } from '../../lib/single-flight.ts'
import type { OfficialUser } from '../../outside/weixin/official.ts'
import type { OfficialAccountDeps } from './official-account.deps.ts'
import { isSettledWithin } from './official-account.patience.ts'

type Deps = Pick<OfficialAccountDeps, 'platforms' | 'accounts' | 'log'>

/** Half of what a reply may take. */
const CALL_WITHIN_MS = 2_000

/** Who the followers are: what their unionid proves is decided as soon as it is learned (E3). */
export function createIdentity(deps: Deps) {
  const once = createSingleFlight<boolean>()
  return {
    /** For a job: a failure is tried again, because it does not mean that he has no unionid (D15). */
    identify: async (openid: string): Promise<void> =>
      learn(deps, { openid, user: await deps.platforms.official.userInfo(openid) }),
    /**
     * For somebody who waits for an answer; false when WeChat did not say in time. Of pushes at once one asks: whether it is
     * still to be asked is looked at in the same flight, because another may have ended since the caller looked.
     */
    identifyNow: (openid: string, isUnknown: () => Promise<boolean>): Promise<boolean> =>
      once(openid, async () => !(await isUnknown()) || identifyNow(deps, openid)),
  }
}
export type Identity = ReturnType<typeof createIdentity>

async function identifyNow(deps: Deps, openid: string): Promise<boolean> {
  try {
    const call = deps.platforms.official.userInfo(openid)
    const isInTime = await isSettledWithin(call, CALL_WITHIN_MS)
    if (isInTime) await learn(deps, { openid, user: await call })
    return isInTime
  } catch (error) {
    deps.log.warn(
      { err: error },
      'a follower of the official account is answered before it is known who he is',
    )
    return false
  }
}

async function learn(
  { accounts, log }: Deps,
  { openid, user }: { openid: string; user: OfficialUser },
): Promise<void> {
  if (user.kind === 'refused')
    return log.warn(
      { reason: user.reason },
      'WeChat does not tell who follows the official account: nobody is tied there by unionid',
    )
  await accounts.learnOfficial(openid, user.unionid ?? null)
}
