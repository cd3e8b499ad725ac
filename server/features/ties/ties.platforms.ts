import type { TiesDeps } from './ties.deps.ts'
import { arePlatformsApart } from './platforms.rules.ts'
import { endAlarm, raiseAlarm, readComparedPairs } from './platforms.store.ts'

const APART = 'platforms_apart'

/** Raises the alarm of D15 or ends it, each once. It changes no decision: different unionids refuse as before. */
export async function checkPlatforms(deps: TiesDeps): Promise<void> {
  const now = deps.clock()
  const pairs = await readComparedPairs(deps.db)
  if (!arePlatformsApart(pairs)) {
    if (await endAlarm(deps.db, { kind: APART, now }))
      deps.log.warn(
        'unionids of WeCom and the mini-program agree again: the configuration alarm is over',
      )
    return
  }
  if (!(await raiseAlarm(deps.db, { kind: APART, now }))) return
  deps.log.error(
    { different: pairs.different },
    'the unionids of WeCom and the mini-program have never agreed: they belong to different Open Platform accounts, so nobody can bind himself; bind both to the same one (docs/connecting.md, step 8)',
  )
}
