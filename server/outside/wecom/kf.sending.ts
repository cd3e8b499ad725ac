import { cutText } from '../../../shared/cut-text.ts'
import type { JsonObject } from '../../lib/http-client.ts'
import { isOfTheTrade, refusing, type KfRefused, type KfRefusals } from './kf.refusals.ts'
import type { WecomCall } from './wecom.call.ts'
import { isRefusal, WECOM_ERRCODE as CODE } from './wecom.errors.ts'
import { present, text } from './wecom.read.ts'

/** One line of a menu: at most 10; text is cut at 128 bytes (click) or 1024. */
type KfMenuItem =
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

interface KfAddress {
  openKfId: string
  externalUserId: string
  /** At most 32 of [0-9a-zA-Z_-], unique per kf account, echoed back: our name for this message. */
  msgid?: string
}

type KfEventMessage = { kind: 'text'; text: string } | ({ kind: 'menu' } & KfMenu)

/**
 * A refusal that comes with the trade: nothing was sent. `other`: a number that is in no source, as of a spent code or a
 * repeated msgid; nothing is to be decided by it (D23).
 */
type KfSent =
  { kind: 'sent'; msgid: string } | KfRefused<'state_forbids' | 'too_late' | 'too_many' | 'other'>
const SEND_REFUSALS: KfRefusals<KfSent> = {
  [CODE.kfStateForbidsSending]: 'state_forbids',
  [CODE.kfSessionEnded]: 'state_forbids',
  [CODE.kfTooLate]: 'too_late',
  [CODE.kfTooManyMessages]: 'too_many',
}

/** What we say in a chat. */
export function createKfSending(call: Pick<WecomCall, 'tell'>) {
  return { sendText, sendMenu, sendOnEvent }

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
