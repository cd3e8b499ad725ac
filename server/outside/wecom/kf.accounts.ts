import type { WecomCall } from './wecom.call.ts'
import { integer, objects, present, text } from './wecom.read.ts'

const PAGE = 100
/** Of a servicer; 1 is one who has stopped. */
const SERVING = 0

/** The kf accounts, who serves them, and the links that lead to them. */
export function createKfAccounts(call: Pick<WecomCall, 'read' | 'ask'>) {
  return { listAccounts, pageServicersOnDuty, addContactWay }

  /** All accounts the app may see; `managed`: it may also call for them. https://developer.work.weixin.qq.com/document/path/94661 */
  async function listAccounts(): Promise<{ openKfId: string; name: string; managed: boolean }[]> {
    const found = []
    for (let offset = 0; ; offset += PAGE) {
      const page = objects(
        await call.ask('/cgi-bin/kf/account/list', { offset, limit: PAGE }),
        'account_list',
      )
      found.push(
        ...page.map((account) => ({
          openKfId: text(account, 'open_kfid') ?? '',
          name: text(account, 'name') ?? '',
          managed: account['manage_privilege'] === true,
        })),
      )
      if (page.length < PAGE) return found
    }
  }

  /**
   * The userids of those who take customers at this moment. An account may also name whole departments; WeCom does not say who of
   * them is on duty, so nobody here is not yet nobody there. https://developer.work.weixin.qq.com/document/path/94645
   */
  async function pageServicersOnDuty(openKfId: string): Promise<string[]> {
    const answer = await call.read('/cgi-bin/kf/servicer/list', { open_kfid: openKfId })
    return objects(answer, 'servicer_list')
      .filter((one) => integer(one, 'status') === SERVING)
      .flatMap((one) => text(one, 'userid') ?? [])
  }

  /**
   * The account's link for this scene (at most 32 of [0-9a-zA-Z_-]), the same each time: keep it. With a scene, `&scene_param=` may be
   * appended, URL-encoded, at most 128 bytes before encoding; changed otherwise the link rings no callback.
   * https://developer.work.weixin.qq.com/document/path/96416
   */
  async function addContactWay(way: { openKfId: string; scene?: string }): Promise<string> {
    const answer = await call.ask(
      '/cgi-bin/kf/add_contact_way',
      present({ open_kfid: way.openKfId, scene: way.scene }),
    )
    return text(answer, 'url') ?? ''
  }
}
