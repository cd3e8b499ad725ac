import type { TiesDeps } from './ties.deps.ts'
import { arePlatformsApart } from './platforms.rules.ts'
import * as store from './platforms.store.ts'

const APART = 'platforms_apart'

/** Raises the alarm of D15 or ends it, each once. It changes no decision: different unionids refuse as before. */
export async function checkPlatforms(deps: TiesDeps): Promise<void> {
  const now = deps.clock()
  const anyEqual = await store.hasEqualPair(deps.db)
  const different = anyEqual ? 0 : await store.countDifferentPairs(deps.db)
  if (!arePlatformsApart({ different, anyEqual })) {
    if (await store.endAlarm(deps.db, { kind: APART, now }))
      deps.log.warn(
        'unionids of WeCom and the mini-program agree again: the configuration alarm is over',
      )
    return
  }
  if (!(await store.raiseAlarm(deps.db, { kind: APART, now }))) return
  deps.log.error(
    { different },
    'the unionids of WeCom and the mini-program have never agreed: they belong to different Open Platform accounts, so nobody can bind himself; bind both to the same one (docs/connecting.md, step 8)',
  )
}
