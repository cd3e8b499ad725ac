import { randomInt } from 'node:crypto'

import { cdata } from '../world/bell.ts'
import { sandboxCredentials } from '../base/credentials.ts'

/** One push to the official account's server: the inner XML stays byte-identical over all attempts. */
export type Push = { name: string; openid: string; xml: string }

type Fields = Record<string, string | { bare: string | number }>

function xmlOf(fields: Fields): string {
  const nodes = Object.entries(fields).map(
    ([name, value]) =>
      `<${name}>${typeof value === 'string' ? cdata(value) : value.bare}</${name}>`,
  )
  return `<xml>${nodes.join('')}</xml>`
}

/** A MsgId has 64 bits: whoever reads it as a number loses digits. */
const newMsgId = (): string => `2${randomInt(10 ** 9, 10 ** 10)}${randomInt(10 ** 7, 10 ** 8)}`

type Sender = { openid: string; at: number }

const head = ({ openid, at }: Sender, type: string): Fields => ({
  ToUserName: sandboxCredentials.officialOriginalId,
  FromUserName: openid,
  CreateTime: { bare: at },
  MsgType: type,
})

/** A message of a follower (M: 接收普通消息); `more` holds the fields of its type. */
export function messagePush(sender: Sender, type: string, more: Record<string, string>): Push {
  return {
    name: type,
    openid: sender.openid,
    xml: xmlOf({ ...head(sender, type), ...more, MsgId: { bare: newMsgId() } }),
  }
}

/** An event (M: 接收事件推送): it has no MsgId. */
export function eventPush(sender: Sender, event: string, eventKey = ''): Push {
  return {
    name: event,
    openid: sender.openid,
    xml: xmlOf({ ...head(sender, 'event'), Event: event, EventKey: eventKey }),
  }
}
