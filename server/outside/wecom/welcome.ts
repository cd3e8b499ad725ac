import type { JsonObject } from '../../lib/http-client.ts'
import type { WecomCall } from './wecom.call.ts'
import { isRefusal, WECOM_ERRCODE } from './wecom.errors.ts'
import { present } from './wecom.read.ts'

/** Media ids live three days. */
export type WelcomeAttachment =
  /** title at most 64 bytes; `page` as app.json has it, with its query. */
  | { kind: 'mini-program'; title: string; picMediaId: string; appId: string; page: string }
  /** title at most 128 bytes, description 512. */
  | { kind: 'link'; title: string; url: string; picUrl?: string; description?: string }
  | { kind: 'image'; mediaId: string }

export interface Welcome {
  /** From the added event: valid 20 s, once. */
  welcomeCode: string
  /** At most 4000 bytes. */
  text: string
  /** At most 9. */
  attachments?: readonly WelcomeAttachment[]
}

/**
 * `sending-elsewhere`: another app is greeting at this moment and may fail; the only one worth a second try within the 20 s.
 * `refused`: by any other number, as of a stale picture or a card that is not right, which costs the words too.
 */
export type WelcomeOutcome =
  'sent' | 'expired' | 'already' | 'not-agreed' | 'sending-elsewhere' | 'refused'

const REFUSALS: Readonly<Partial<Record<number, WelcomeOutcome>>> = {
  [WECOM_ERRCODE.welcomeCodeMissing]: 'expired',
  [WECOM_ERRCODE.welcomeCodeExpired]: 'expired',
  [WECOM_ERRCODE.alreadyChatting]: 'already',
  [WECOM_ERRCODE.archivingNotAgreed]: 'not-agreed',
  [WECOM_ERRCODE.welcomeSentElsewhere]: 'sending-elsewhere',
}

export function createWelcome(call: WecomCall) {
  return { sendWelcome }

  /**
   * Greets a contact that was just added. A refusal of what was sent is an outcome; anything else throws WecomError or
   * OutsideError. https://developer.work.weixin.qq.com/document/path/92137
   */
  async function sendWelcome({
    welcomeCode,
    text,
    attachments = [],
  }: Welcome): Promise<WelcomeOutcome> {
    const body = {
      welcome_code: welcomeCode,
      text: { content: text },
      attachments: attachments.length === 0 ? undefined : attachments.map(toAttachment),
    }
    try {
      await call.tell('/cgi-bin/externalcontact/send_welcome_msg', present(body))
      return 'sent'
    } catch (error) {
      if (!isRefusal(error) || error.errcode === WECOM_ERRCODE.noApiPermission) throw error
      return REFUSALS[error.errcode] ?? 'refused'
    }
  }
}

function toAttachment(item: WelcomeAttachment): JsonObject {
  switch (item.kind) {
    case 'mini-program':
      return {
        msgtype: 'miniprogram',
        miniprogram: {
          title: item.title,
          pic_media_id: item.picMediaId,
          appid: item.appId,
          page: toCardPath(item.page),
        },
      }
    case 'link':
      return {
        msgtype: 'link',
        link: present({
          title: item.title,
          url: item.url,
          picurl: item.picUrl,
          desc: item.description,
        }),
      }
    case 'image':
      return { msgtype: 'image', image: { media_id: item.mediaId } }
  }
}

/** WeCom opens the first page of the mini-program for a path without `.html` (reports of several operators; kf menus go without). */
const toCardPath = (path: string): string => path.replace(/^[^?]*/, '$&.html')
