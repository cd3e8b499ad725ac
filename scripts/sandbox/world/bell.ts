import { sandboxCredentials } from '../base/credentials.ts'

/** A callback that is due: which door, and the plain inner text, which stays byte-identical over all attempts. */
export type Bell = WecomBell | PushBell
export type WecomBell = { door: 'contact' | 'kf'; name: string; xml: string }
/** An event of the mini-program, as its console says how pushes are made. */
export type PushBell = {
  door: 'push'
  name: string
  openid: string
  mode: 'plain' | 'compatible' | 'safe'
  format: 'xml' | 'json'
  text: string
}

type Node = { name: string; value: string | number }

/** Numbers stand bare, strings in CDATA, as in the official samples (W:90240, W:94699). */
function xmlOf(nodes: Node[]): string {
  const inner = nodes.map(({ name, value }) =>
    typeof value === 'number'
      ? `<${name}>${value}</${name}>`
      : `<${name}>${cdata(value)}</${name}>`,
  )
  return `<xml>${inner.join('')}</xml>`
}

export const cdata = (value: string): string =>
  `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

type ContactEvent = {
  changeType: string
  userid: string
  externalUserid: string
  createTime: number
  extra?: Record<string, string>
}

/** change_external_contact, envelope of a self-built app: FromUserName is always `sys` (W:96361, W:101456). */
export function contactBell(event: ContactEvent): WecomBell {
  const nodes: Node[] = [
    { name: 'ToUserName', value: sandboxCredentials.corpId },
    { name: 'FromUserName', value: 'sys' },
    { name: 'CreateTime', value: event.createTime },
    { name: 'MsgType', value: 'event' },
    { name: 'Event', value: 'change_external_contact' },
    { name: 'ChangeType', value: event.changeType },
    { name: 'UserID', value: event.userid },
    { name: 'ExternalUserID', value: event.externalUserid },
    ...Object.entries(event.extra ?? {}).map(([name, value]) => ({ name, value })),
  ]
  return { door: 'contact', name: event.changeType, xml: xmlOf(nodes) }
}

/** The kf doorbell: no FromUserName and no content, only where to look (W:94699). */
export function kfBell(createTime: number, token: string, openKfId: string): WecomBell {
  return {
    door: 'kf',
    name: 'kf_msg_or_event',
    xml: xmlOf([
      { name: 'ToUserName', value: sandboxCredentials.corpId },
      { name: 'CreateTime', value: createTime },
      { name: 'MsgType', value: 'event' },
      { name: 'Event', value: 'kf_msg_or_event' },
      { name: 'Token', value: token },
      { name: 'OpenKfId', value: openKfId },
    ]),
  }
}
