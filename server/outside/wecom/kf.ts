import { cutText } from '../../../shared/cut-text.ts'
import type { JsonObject } from '../../lib/http-client.ts'
import { toEnterContext, toKfItem, type KfItem } from './kf.items.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, isRefusal, WECOM_ERRCODE as CODE, type WecomError } from './wecom.errors.ts'
import { integer, items, object, objects, present, text, texts } from './wecom.read.ts'

/** One line of a menu: at most 10; text is cut at 128 bytes (click) or 1024. */
export type KfMenuItem =
  /** Tapped, the customer sends `text` with this id (1-64 bytes). */
  | { kind: 'click'; id: string; text: string }
  | { kind: 'view'; url: string; text: string }
  /** `pagePath` may carry a query, at most 1024 bytes. */
  | { kind: 'mini-program'; appId: string; pagePath: string; text: string }

export interface KfMenu {
  /** Cut at 1024 bytes, like `tail`. */
  head?: string
  items: readonly KfMenuItem[]
  tail?: string
}

export interface KfAddress {
  openKfId: string
  externalUserId: string
  /** At most 32 of [0-9a-zA-Z_-], unique per kf account, echoed back: our name for this message. */
  msgid?: string
}

export type KfEventMessage = { kind: 'text'; text: string } | ({ kind: 'menu' } & KfMenu)

export interface KfCustomer {
  externalUserId: string
  nickname: string
  unionid?: string
  enterContext?: { scene?: string; sceneParam?: string }
}

const STATES = ['unhandled', 'assistant', 'queue', 'human', 'ended'] as const
/** `ended` also means not begun: the customer has come in but has not written yet. */
export type KfState = (typeof STATES)[number]

/**
 * A refusal that comes with the trade: nothing was sent. `other`: a number that is in no source, as of a spent code or a
 * repeated msgid; nothing is to be decided by it (D23).
 */
export type KfSent =
  { kind: 'sent'; msgid: string } | Refused<'state_forbids' | 'too_late' | 'too_many' | 'other'>
/** `no_servicer`: the account has nobody; `nobody_on_duty`: it has, but not now; `not_allowed`: not from where the session is. */
export type KfMoved =
  | { kind: 'moved'; msgCode?: string }
  | Refused<'no_servicer' | 'nobody_on_duty' | 'not_allowed' | 'other'>

/** `errcode` is for logs. */
type Refused<Reason> = { kind: 'refused'; reason: Reason; errcode: number }
type ReasonOf<T> = Extract<T, { kind: 'refused' }> extends { reason: infer R } ? R : never
type Refusals<T> = Readonly<Partial<Record<number, ReasonOf<T>>>>

const SEND_REFUSALS: Refusals<KfSent> = {
  [CODE.kfStateForbidsSending]: 'state_forbids',
  [CODE.kfSessionEnded]: 'state_forbids',
  [CODE.kfTooLate]: 'too_late',
  [CODE.kfTooManyMessages]: 'too_many',
}
const MOVE_REFUSALS: Refusals<KfMoved> = {
  [CODE.kfNotAServicer]: 'no_servicer',
  [CODE.kfServicerAway]: 'nobody_on_duty',
  [CODE.kfBadTransition]: 'not_allowed',
}
/** Documented, and mended by an administrator only: whoever waits for it must hear of it. */
const OF_THE_INSTALLATION = [
  CODE.noApiPermission,
  CODE.kfAccountNotAuthorised,
  CODE.kfBadAccount,
  CODE.kfUnknownAccount,
  CODE.kfSecretForbidden,
  CODE.kfSecretWanted,
  CODE.kfApiOff,
  CODE.kfTooManyCustomers,
  CODE.kfTypeForbidden,
] as const

const PAGE = 100
/** Of a servicer; 1 is one who has stopped. */
const SERVING = 0

/** 微信客服 in our words. Every verb throws WecomError and OutsideError. https://developer.work.weixin.qq.com/document/path/94638 */
export function createKf(call: WecomCall) {
  return {
    syncMessages,
    sendText,
    sendMenu,
    sendOnEvent,
    serviceState,
    transferTo,
    listAccounts,
    pageServicersOnDuty,
    addContactWay,
    customers,
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
   * Cut at 2048 bytes. Only in the states unhandled and assistant (95018), within 48 h (95002) and five times (95001) per message of
   * the customer. Success is not delivery: a `send-failed` item may follow. https://developer.work.weixin.qq.com/document/path/94677
   */
  function sendText(to: KfAddress & { text: string }): Promise<KfSent> {
    return sendTo(to, textBody(to.text))
  }

  /** As sendText; the items in order. https://developer.work.weixin.qq.com/document/path/94677 */
  function sendMenu(to: KfAddress & KfMenu): Promise<KfSent> {
    return sendTo(to, menuBody(to))
  }

  /**
   * The one message that an event allows: `code` is a welcomeCode (20 s) or a msgCode, single use; a menu only on entering and ending.
   * Any refusal is the end of this code. https://developer.work.weixin.qq.com/document/path/95122
   */
  function sendOnEvent(code: string, message: KfEventMessage, msgid?: string): Promise<KfSent> {
    const body = message.kind === 'text' ? textBody(message.text) : menuBody(message)
    return refusing(SEND_REFUSALS, isRefusal, () =>
      send('/cgi-bin/kf/send_msg_on_event', present({ code, msgid, ...body })),
    )
  }

  /** https://developer.work.weixin.qq.com/document/path/94698 */
  async function serviceState(of: { openKfId: string; externalUserId: string }) {
    const answer = await call.ask('/cgi-bin/kf/service_state/get', {
      open_kfid: of.openKfId,
      external_userid: of.externalUserId,
    })
    const number = integer(answer, 'service_state') ?? -1
    const state: KfState | `other:${number}` = STATES[number] ?? `other:${number}`
    return { state, ...present({ servicerUserId: text(answer, 'servicer_userid') }) }
  }

  /**
   * Hands the session over; `human` needs a servicer. 95016: not allowed from where it is; 95014, 95019: no servicer, or away. The
   * msgCode lets one message be sent on it. https://developer.work.weixin.qq.com/document/path/94698
   */
  async function transferTo(to: {
    openKfId: string
    externalUserId: string
    state: KfState
    servicerUserId?: string
  }): Promise<KfMoved> {
    const body = present({
      open_kfid: to.openKfId,
      external_userid: to.externalUserId,
      service_state: STATES.indexOf(to.state),
      servicer_userid: to.servicerUserId,
    })
    return refusing<KfMoved>(MOVE_REFUSALS, isOfTheTrade, async () => ({
      kind: 'moved',
      ...present({
        msgCode: text(await call.tell('/cgi-bin/kf/service_state/trans', body), 'msg_code'),
      }),
    }))
  }

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

  function sendTo(
    { openKfId, externalUserId, msgid }: KfAddress,
    body: JsonObject,
  ): Promise<KfSent> {
    return refusing(SEND_REFUSALS, isOfTheTrade, () =>
      send(
        '/cgi-bin/kf/send_msg',
        present({ touser: externalUserId, open_kfid: openKfId, msgid, ...body }),
      ),
    )
  }

  async function send(path: string, body: JsonObject): Promise<KfSent> {
    return { kind: 'sent', msgid: text(await call.tell(path, body), 'msgid') ?? '' }
  }
}

export type Kf = ReturnType<typeof createKf>

const isOfTheTrade = (error: unknown): error is WecomError =>
  isRefusal(error) && !isErrcode(error, ...OF_THE_INSTALLATION)

/** What a call answers, or the refusal that its errcode means; any other failure goes on. */
async function refusing<T extends KfSent | KfMoved>(
  refusals: Refusals<T>,
  isOurs: (error: unknown) => error is WecomError,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!isOurs(error)) throw error
    return {
      kind: 'refused',
      reason: refusals[error.errcode] ?? 'other',
      errcode: error.errcode,
    } as T
  }
}

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

/** What is longer is refused as a whole (45002). */
const LONGEST = {
  text: { bytes: 2048 },
  aroundMenu: { bytes: 1024 },
  click: { bytes: 128 },
  jump: { bytes: 1024 },
} as const

function textBody(content: string): JsonObject {
  return { msgtype: 'text', text: { content: cutText(content, LONGEST.text) } }
}

function menuBody({ head, items, tail }: KfMenu): JsonObject {
  const around = (words: string | undefined): string | undefined =>
    words && cutText(words, LONGEST.aroundMenu)
  return {
    msgtype: 'msgmenu',
    msgmenu: present({
      head_content: around(head),
      list: items.map(menuLine),
      tail_content: around(tail),
    }),
  }
}

function menuLine(item: KfMenuItem): JsonObject {
  switch (item.kind) {
    case 'click':
      return { type: 'click', click: { id: item.id, content: cutText(item.text, LONGEST.click) } }
    case 'view':
      return { type: 'view', view: { url: item.url, content: cutText(item.text, LONGEST.jump) } }
    case 'mini-program':
      return {
        type: 'miniprogram',
        miniprogram: {
          appid: item.appId,
          pagepath: item.pagePath,
          content: cutText(item.text, LONGEST.jump),
        },
      }
  }
}
