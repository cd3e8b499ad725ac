import type { Config } from '../../server/config.ts'
import { dataDirOf, type Environment } from '../checkout/environment.ts'
import type { World } from '../start/world.ts'
import { examinePublicAddress } from './callbacks.ts'
import { examineClock } from './clock.ts'
import type { ComparedPairs } from '../../server/features/ties/platforms.rules.ts'
import {
  countAccounts,
  examineDatabase,
  pageFollowers,
  pageRecentChats,
  readPairs,
  withDb,
} from './database.ts'
import { examineOfficialAccount } from './official.ts'
import { examineNotices, readTemplates } from './notices.ts'
import { examinePages } from './pages.ts'
import { examinePictures } from './pictures.ts'
import type { Finding, Report } from './report.ts'
import { examinePlatforms, examineUnionIds } from './unionid.ts'
import { readVariables } from './variables.ts'
import { examineMiniProgram } from './weixin.ts'
import { examineWecom } from './wecom.ts'

type Kept = {
  chats: string[]
  followers: string[]
  accounts: { asked: number; withUnionId: number }
  pairs?: ComparedPairs | undefined
  templates: Awaited<ReturnType<typeof readTemplates>>
}
const NOTHING_KEPT: Kept = {
  chats: [],
  followers: [],
  accounts: { asked: 0, withUnionId: 0 },
  templates: [],
}

type Tell = (findings: readonly Finding[]) => void

/**
 * Every check in the order in which things are set up, each told when it is known. Changes nothing anywhere, but for one
 * file in the store of pictures, which it takes away again.
 *
 * @returns the addresses WeCom calls from, as far as it tells them.
 */
export async function examine(
  env: Environment,
  world: World,
  report: Pick<Report, 'add'>,
): Promise<string[]> {
  const tell: Tell = (findings) => findings.forEach((finding) => report.add(finding))
  const { config, findings } = readVariables({ ...env, DATA_DIR: dataDirOf(env) }, world)
  tell(findings)
  if (!config) return []
  const kept = await lookIntoDatabase(env, config, tell)
  tell([await examinePictures(config)])
  const callbackIps = await lookAtPlatforms(config, { kept, world }, tell)
  tell(await examinePublicAddress(config, world))
  tell(await examinePages(config, world))
  return callbackIps
}

async function lookIntoDatabase(env: Environment, config: Config, tell: Tell): Promise<Kept> {
  if (env['DATABASE_URL'] === undefined) return NOTHING_KEPT // the embedded one is not there, which has been told
  const kept = await withDb(env['DATABASE_URL'], async (db) => {
    tell(await examineDatabase(db, config))
    return {
      chats: await pageRecentChats(db),
      followers: await pageFollowers(db),
      accounts: await countAccounts(db),
      pairs: await readPairs(db),
      templates: await readTemplates(db, config),
    }
  })
  if (!('level' in kept)) return kept
  tell([kept])
  return NOTHING_KEPT
}

async function lookAtPlatforms(
  config: Config,
  { kept, world }: { kept: Kept; world: World },
  tell: Tell,
): Promise<string[]> {
  const clock = await examineClock(config.wecom.baseUrl)
  tell([clock.finding])
  // Out of reach: the same line for every question would help nobody.
  const wecom = clock.reached ? await examineWecom(config, { chats: kept.chats, world }) : undefined
  tell(wecom?.findings ?? [])
  const miniProgram = await examineMiniProgram(config)
  tell([miniProgram])
  if (miniProgram.level === 'ok') tell(await examineNotices(config, kept.templates))
  tell(await examineOfficialAccount(config, kept.followers))
  if (kept.pairs) tell(examinePlatforms(kept.pairs))
  if (!wecom) return []
  tell(examineUnionIds({ ...wecom.sample, accounts: kept.accounts }))
  return wecom.callbackIps
}
