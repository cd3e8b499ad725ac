import { createKfAccounts } from './kf.accounts.ts'
import { toEnterContext, toKfItem, type KfItem } from './kf.items.ts'
import { createKfSending } from './kf.sending.ts'
import { createKfSession } from './kf.session.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE as CODE } from './wecom.errors.ts'
import { integer, items, object, objects, present, text, texts } from './wecom.read.ts'
import type { JsonObject } from '../../lib/http-client.ts'

interface KfCustomer {
  externalUserId: string
  nickname: string
  unionid?: string
  enterContext?: { scene?: string; sceneParam?: string }
}

const PAGE = 100

/** 微信客服 in our words. Every verb throws WecomError and OutsideError. https://developer.work.weixin.qq.com/document/path/94638 */
export function createKf(call: WecomCall) {
  return {
    syncMessages,
    customers,
    ...createKfSending(call),
    ...createKfSession(call),
    ...createKfAccounts(call),
  }

  /**
   * One page of what customers, servicers and the system did, oldest first; not what we sent ourselves. Without a cursor: from three
   * days ago. Without the callback's token (10 min, else 95007) the platform limits calls strictly. Store `nextCursor` together with
   * the messages and loop on `hasMore`: an empty page with more behind it is normal, and its cursor may be the one that was asked with.
   * https://developer.work.weixin.qq.com/document/path/94670
   */
  async function syncMessages(from: {
    openKfId: string
    cursor?: string
    token?: string
    limit?: number
  }) {
    const place = present({
      open_kfid: from.openKfId,
      cursor: from.cursor,
      limit: from.limit ?? 1000,
    })
    const token = from.token === '' ? undefined : from.token
    const answer = await call
      .ask('/cgi-bin/kf/sync_msg', present({ ...place, token }))
      .catch((error: unknown) => {
        // A doorbell that waited over 10 minutes: the messages are still there, only the fast lane is closed.
        if (token === undefined || !isErrcode(error, CODE.kfBadMessageToken)) throw error
        return call.ask('/cgi-bin/kf/sync_msg', place)
      })
    const messages: KfItem[] = items(answer, 'msg_list').map(toKfItem)
    const nextCursor = text(answer, 'next_cursor') ?? from.cursor
    return { messages, nextCursor, hasMore: integer(answer, 'has_more') === 1 }
  }

  /**
   * Who these are. Only customers who came or wrote within 48 h are known; `enterContext` is that of the last time they came in.
   * https://developer.work.weixin.qq.com/document/path/96429
   */
  async function customers(externalUserIds: readonly string[], { withEnterContext = false } = {}) {
    const found: KfCustomer[] = []
    const unknown: string[] = []
    for (let start = 0; start < externalUserIds.length; start += PAGE) {
      const answer = await call.ask('/cgi-bin/kf/customer/batchget', {
        external_userid_list: externalUserIds.slice(start, start + PAGE),
        need_enter_session_context: withEnterContext ? 1 : 0,
      })
      found.push(...objects(answer, 'customer_list').map(toCustomer))
      unknown.push(...texts(answer, 'invalid_external_userid'))
    }
    return { found, unknown }
  }
}

export type Kf = ReturnType<typeof createKf>

function toCustomer(raw: JsonObject): KfCustomer {
  const context =
    'enter_session_context' in raw
      ? toEnterContext(object(raw, 'enter_session_context'))
      : undefined
  return {
    externalUserId: text(raw, 'external_userid') ?? '',
    nickname: text(raw, 'nickname') ?? '',
    ...present({ unionid: text(raw, 'unionid'), enterContext: context }),
  }
}
