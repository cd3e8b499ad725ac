import type { Db } from '../../server/lib/db.ts'
import { ok, warn, type Finding, type Words } from './report.ts'

const TOLD: Words = ['收到的事件', 'events that came']
const RECENT = `now() - interval '7 days'`
const came = (event: string): string =>
  `exists (select 1 from callback_inbox where received_at > ${RECENT} and payload like '%${event}%')`

/** No console says which events are ticked; what happened without being told does. Nothing is said before something has happened. */
export async function examineTold(db: Db): Promise<Finding[]> {
  if (!(await db.schema.hasTable('wework_customer_events'))) return []
  const {
    rows: [seen],
  } = await db.raw<{ rows: Record<'added' | 'addTold' | 'wrote' | 'wordTold', boolean>[] }>(`
    select
      exists (select 1 from wework_customer_events where followed_at > ${RECENT}) as added,
      ${came('change_external_contact')} as "addTold",
      exists (select 1 from kf_messages where sent_at > ${RECENT}) as wrote,
      ${came('kf_msg_or_event')} as "wordTold"`)
  const { added, addTold, wrote, wordTold } = seen!
  return [...(added ? [judge(CONTACTS, addTold)] : []), ...(wrote ? [judge(CHAT, wordTold)] : [])]
}

const CONTACTS: Words = ['客户联系事件 change_external_contact', 'change_external_contact']
const CHAT: Words = ['微信客服消息和事件 kf_msg_or_event', 'kf_msg_or_event']

const judge = ([zh, en]: Words, isTold: boolean): Finding =>
  isTold
    ? ok(TOLD, [zh, `${en} came within the last 7 days`])
    : warn(
        TOLD,
        [
          `最近 7 天没有收到${zh}，只靠定时查询发现变化`,
          `${en} did not come within the last 7 days, though something happened: it is found late, by asking`,
        ],
        [
          '应用管理 → 自建应用 → 接收消息：勾选这一项（docs/connecting.md 第 5 步），并看看防火墙',
          "tick it under 接收消息 on the app's page (docs/connecting.md, step 5), and look at the firewall",
        ],
      )
