import { cutText } from '../../../shared/cut-text.ts'
import { memberKey } from '../../../shared/userid.ts'
import type { JsonObject } from '../../lib/http-client.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE } from './wecom.errors.ts'
import { text } from './wecom.read.ts'

/** `invalidUsers` did not get it (gone, or out of the app's range), in the caller's spelling; the others did. */
interface Delivery {
  invalidUsers: string[]
}

interface TextCard {
  toUsers: readonly string[]
  /** Cut at 128 characters; description at 512, buttonText at 4. */
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

  /** Cut at 2048 bytes. WeCom reads `<a href>` as a link, and names are what somebody else calls himself: nothing is markup. */
  function sendText({
    toUsers,
    text: content,
  }: {
    toUsers: readonly string[]
    text: string
  }): Promise<Delivery> {
    const plain = content.replaceAll('<', '＜').replaceAll('>', '＞')
    return send(toUsers, { msgtype: 'text', text: { content: cutText(plain, { bytes: 2048 }) } })
  }

  /** A card that opens `url`. */
  function sendTextCard({
    toUsers,
    title,
    description,
    url,
    buttonText,
  }: TextCard): Promise<Delivery> {
    const button =
      buttonText === undefined ? {} : { btntxt: cutText(buttonText, { characters: 4 }) }
    const words = {
      title: cutText(title, { characters: 128 }),
      description: cutText(description, { characters: 512 }),
    }
    return send(toUsers, { msgtype: 'textcard', textcard: { ...words, url, ...button } })
  }

  async function send(toUsers: readonly string[], body: JsonObject): Promise<Delivery> {
    if (toUsers.length === 0) return { invalidUsers: [] }
    try {
      const answer = await call.tell('/cgi-bin/message/send', {
        touser: toUsers.join('|'),
        agentid: agentId,
        ...body,
      })
      return { invalidUsers: toInvalid(toUsers, text(answer, 'invaliduser') ?? '') }
    } catch (error) {
      if (isErrcode(error, WECOM_ERRCODE.allTargetsInvalid)) return { invalidUsers: [...toUsers] }
      throw error
    }
  }
}

/** userids are compared without case by the platform, which answers in lower case. */
function toInvalid(toUsers: readonly string[], joined: string): string[] {
  const invalid = new Set(joined.split('|').map(memberKey))
  return toUsers.filter((userId) => invalid.has(memberKey(userId)))
}
