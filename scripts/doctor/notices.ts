import type { Config } from '../../server/config.ts'
import {
  DEFAULTS,
  readTemplates as readSaved,
  SANDBOX_DEFAULTS,
} from '../../server/features/settings/settings.rules.ts'
import { pageSettings } from '../../server/features/settings/settings.store.ts'
import {
  findTemplateProblems,
  type TemplateProblem,
} from '../../server/features/notices/templates.rules.ts'
import type { Db } from '../../server/lib/db.ts'
import { createLog } from '../../server/lib/log.ts'
import { createWeixin } from '../../server/outside/weixin/weixin.ts'
import type { Settings } from '../../shared/api/settings.ts'
import { toFinding } from './failures.ts'
import { createOwnTokens } from './own-tokens.ts'
import { ok, warn, type Finding, type Words } from './report.ts'

const TEMPLATES: Words = ['订阅消息模板', 'templates of subscribe messages']
const PUSH: Words = ['小程序消息推送', 'message push of the mini-program']

type Template = NonNullable<Settings['noticeTemplates']['stage']>

/** The templates that are set, by the settings. */
export async function readTemplates(db: Db, config: Config): Promise<Template[]> {
  if (!(await db.schema.hasTable('settings'))) return []
  const defaults = config.kind === 'sandbox' ? SANDBOX_DEFAULTS : DEFAULTS
  const stored = (await pageSettings(db)).find(({ key }) => key === 'noticeTemplates')
  const templates = readSaved((stored?.value ?? {}) as object, defaults)
  return Object.values(templates).flatMap((template) => template ?? [])
}

/** Whether customers can be told by subscribe messages: the templates as the mini-program has them, and who tells of consents. */
export async function examineNotices(
  { weixin, push }: Config,
  templates: readonly Template[],
): Promise<Finding[]> {
  if (templates.length === 0)
    return [
      ok(TEMPLATES, [
        '没有配置，项目进度用客服消息等方式通知',
        'none is set: notices go other ways',
      ]),
    ]
  const client = createWeixin({
    ...weixin,
    tokens: createOwnTokens(),
    log: createLog({ level: 'silent' }),
  })
  try {
    const problems = findTemplateProblems(templates, await client.subscribe.listTemplates())
    return [...judgeTemplates(problems), judgePush(push !== null)]
  } catch (error) {
    return [toFinding(TEMPLATES, error), judgePush(push !== null)]
  } finally {
    await client.close()
  }
}

const SAYS: Record<TemplateProblem['problem'], Words> = {
  not_there: ['小程序没有选用这个模板', 'the mini-program has not chosen this template'],
  not_one_time: ['不是一次性订阅模板', 'is no template for one message'],
  other_keys: ['字段与设置不一致', 'has other fields than the settings'],
  no_page: ['设置里的页面小程序没有', 'opens a page that the mini-program has not'],
}

function judgeTemplates(problems: readonly TemplateProblem[]): Finding[] {
  if (problems.length === 0)
    return [ok(TEMPLATES, ['与设置一致', 'are there, with the fields of the settings'])]
  return problems.map(({ templateId, problem, keys = [] }) => {
    const [zh, en] = SAYS[problem]
    const what = [templateId, ...keys].join(' ')
    return warn(
      TEMPLATES,
      [`${what}：${zh}`, `${what}: ${en}`],
      [
        '小程序后台 → 订阅消息 → 我的模板：核对模板 ID 和关键词，改管理后台设置里的 noticeTemplates',
        'mini-program console, 订阅消息 → 我的模板: compare id and keywords with noticeTemplates in the settings',
      ],
    )
  })
}

const judgePush = (isSet: boolean): Finding =>
  isSet
    ? ok(PUSH, ['已配置', 'set: WeChat itself tells who consented'])
    : warn(
        PUSH,
        [
          '没有配置：同意了几条只能听小程序说，送没送达也不知道',
          'WECHAT_PUSH_* is not set: consents are told by the client alone, and arrivals by nobody',
        ],
        [
          '小程序后台 → 开发管理 → 消息推送：URL 填 <PUBLIC_BASE_URL>/api/wechat/miniprogram，安全模式，Token 和 EncodingAESKey 填入 WECHAT_PUSH_*',
          'mini-program console, 开发管理 → 消息推送: URL <PUBLIC_BASE_URL>/api/wechat/miniprogram, 安全模式; put Token and EncodingAESKey into WECHAT_PUSH_*',
        ],
      )
