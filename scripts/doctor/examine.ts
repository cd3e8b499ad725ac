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
import { examineOrders } from './orders.ts'
import { examineOfficialAccount } from './official.ts'
import { examineNotices, readTemplates } from './notices.ts'
import { examinePages } from './pages.ts'
import { examinePictures } from './pictures.ts'
import type { Finding, Report } from './report.ts'
import { examinePlatforms, examineUnionIds } from './unionid.ts'
import { readVariables } from './variables.ts'
import { examineTold } from './told.ts'
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
  const { config, lacking, findings } = readVariables({ ...env, DATA_DIR: dataDirOf(env) }, world)
  tell(findings)
  if (!config) return []
  const kept = await lookIntoDatabase(env, { config, lacking }, tell)
  tell([await examinePictures(config)])
  const callbackIps = await lookAtPlatforms(config, { kept, world, lacking }, tell)
  tell(await examinePublicAddress(config, { world, lacking }))
  tell(await examinePages(config, { world, lacking }))
  return callbackIps
}

type Read = { config: Config; lacking: ReadonlySet<string> }

async function lookIntoDatabase(
  env: Environment,
  { config, lacking }: Read,
  tell: Tell,
): Promise<Kept> {
  if (env['DATABASE_URL'] === undefined) return NOTHING_KEPT // the embedded one is not there, which has been told
  const kept = await withDb(env['DATABASE_URL'], async (db) => {
    tell(await examineDatabase(db, { config, lacking }))
    tell(await examineTold(db))
    tell(await examineOrders(db, config))
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
  { kept, world, lacking }: { kept: Kept; world: World; lacking: ReadonlySet<string> },
  tell: Tell,
): Promise<string[]> {
  const isThere = (...names: string[]): boolean => !names.some((name) => lacking.has(name))
  const clock = await examineClock(config.wecom.baseUrl)
  tell([clock.finding])
  // Out of reach: the same line for every question would help nobody.
  const isAskable = clock.reached && isThere('WEWORK_CORP_ID', 'WEWORK_CONTACT_SECRET')
  const wecom = isAskable
    ? await examineWecom(config, { chats: kept.chats, world, lacking })
    : undefined
  tell(wecom?.findings ?? [])
  if (isThere('WECHAT_APP_ID', 'WECHAT_APP_SECRET')) await lookAtMiniProgram(config, kept, tell)
  tell(await examineOfficialAccount(config, kept.followers))
  if (kept.pairs) tell(examinePlatforms(kept.pairs))
  if (!wecom) return []
  tell(examineUnionIds({ ...wecom.sample, accounts: kept.accounts }))
  return wecom.callbackIps
}

async function lookAtMiniProgram(config: Config, { templates }: Kept, tell: Tell): Promise<void> {
  const miniProgram = await examineMiniProgram(config)
  tell([miniProgram])
  if (miniProgram.level === 'ok') tell(await examineNotices(config, templates))
}
