import type { JsonObject } from '../../lib/http-client.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE } from './wecom.errors.ts'
import { text } from './wecom.read.ts'

/** `invalidUsers` did not get it (gone, or out of the app's range), in the caller's spelling; the others did. */
export interface Delivery {
  invalidUsers: string[]
}

export interface TextCard {
  toUsers: readonly string[]
  /** At most 128 characters; description 512, buttonText 4. */
  title: string
  description: string
  url: string
  buttonText?: string
}

/**
 * App messages to our own members: at most 1000 per call, 30 a minute and 1000 an hour per member. Throws WecomError and OutsideError.
 * https://developer.work.weixin.qq.com/document/path/90236
 */
export function createMessages({ call, agentId }: { call: WecomCall; agentId: number }) {
  return { sendText, sendTextCard }

  /** At most 2048 bytes. */
  function sendText({ toUsers, text: content }: { toUsers: readonly string[]; text: string }): Promise<Delivery> {
    return send(toUsers, { msgtype: 'text', text: { content } })
  }

  /** A card that opens `url`. */
  function sendTextCard({ toUsers, title, description, url, buttonText }: TextCard): Promise<Delivery> {
    const button = buttonText === undefined ? {} : { btntxt: buttonText }
    return send(toUsers, { msgtype: 'textcard', textcard: { title, description, url, ...button } })
  }

  async function send(toUsers: readonly string[], body: JsonObject): Promise<Delivery> {
    if (toUsers.length === 0) return { invalidUsers: [] }
    try {
      const answer = await call.tell('/cgi-bin/message/send', { touser: toUsers.join('|'), agentid: agentId, ...body })
      return { invalidUsers: toInvalid(toUsers, text(answer, 'invaliduser') ?? '') }
    } catch (error) {
      if (isErrcode(error, WECOM_ERRCODE.allTargetsInvalid)) return { invalidUsers: [...toUsers] }
      throw error
    }
  }
}

export type WecomMessages = ReturnType<typeof createMessages>

/** userids are compared without case by the platform, which answers in lower case. */
function toInvalid(toUsers: readonly string[], joined: string): string[] {
  const invalid = new Set(joined.toLowerCase().split('|'))
  return toUsers.filter((userId) => invalid.has(userId.toLowerCase()))
}
