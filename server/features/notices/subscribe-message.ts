import type { NoticeKind } from '../../../shared/notices.ts'
import type { SubscribeMessage } from '../../outside/weixin/subscribe.ts'
import { fillFields, type Values } from './fields.rules.ts'
import type { Notice } from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'

type Filling = {
  template: NoticeKind
  to: Pick<Notice, 'app' | 'openid'>
  /** Of what the page shows; null: where a list of all is, instead. */
  id: string | null
  list?: string
  at: Date
  values: Values
}

/** What is sent by a template of the settings; null where there is none, or no account of the mini-program. */
export async function toMessage(
  { settings, timeZone }: Pick<NoticesDeps, 'settings' | 'timeZone'>,
  { template, to: { app, openid }, id, list, at, values }: Filling,
): Promise<SubscribeMessage | null> {
  const found = (await settings.read()).noticeTemplates[template]
  if (found === null || app !== 'miniprogram' || openid === null) return null
  const path = found.page.split('?', 1)[0]!
  return {
    openid,
    templateId: found.templateId,
    page: id === null ? (list ?? path) : `${path}?id=${id}`,
    data: fillFields(found.fields, { values, at, timeZone }),
  }
}
