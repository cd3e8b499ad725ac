import { sandboxCredentials } from '../../base/credentials.ts'
import { cdata } from '../../world/bell.ts'
import { dice, type Stage } from '../../world/stage.ts'
import type { Person, World } from '../../world/types.ts'

/** All values are text, as on the wire. */
type Entry = Record<string, string>
type Event = { name: 'popup' | 'change' | 'sent'; entries: Entry[] }
type Head = { openid: string; at: number }

/**
 * Tells the server of the mini-program (M: 订阅消息 → 事件推送). How, the console says; where sources differ (one entry
 * bare or in an array, where the dialog came up) the seeded dice do.
 */
export function pushEvent(stage: Stage, { openid }: Person, { name, entries }: Event): void {
  const { world } = stage
  const { pushMode, pushFormat } = world.settings
  if (pushMode === 'off' || entries.length === 0) return
  const format = pushFormat === 'random' ? pick(world, ['xml', 'json'] as const) : pushFormat
  const mode =
    pushMode === 'random' ? pick(world, ['plain', 'compatible', 'safe'] as const) : pushMode
  const list = name === 'popup' ? entries.map((entry) => withScene(world, entry)) : entries
  const head = { openid, at: stage.now() }
  const text =
    format === 'xml'
      ? xmlOf(head, { name, entries: list })
      : jsonOf(world, head, { name, entries: list })
  stage.ring({ door: 'push', name: fullName(name), openid, mode, format, text })
}

const pick = <T>(world: World, options: readonly [T, ...T[]]): T =>
  options[Math.floor(dice(world) * options.length)] ?? options[0]

const withScene = (world: World, entry: Entry): Entry => ({
  ...entry,
  PopupScene: pick(world, ['0', '1', '2']),
})

const fullName = (name: Event['name']): string => `subscribe_msg_${name}_event`

const DIGITS = /^\d+$/

/** Digits stand bare; one entry and several look alike. */
function xmlOf({ openid, at }: Head, { name, entries }: Event): string {
  const node = `SubscribeMsg${name.charAt(0).toUpperCase()}${name.slice(1)}Event`
  const list = entries.map((entry) => {
    const fields = Object.entries(entry).map(
      ([field, value]) => `<${field}>${DIGITS.test(value) ? value : cdata(value)}</${field}>`,
    )
    return `<List>${fields.join('')}</List>`
  })
  return (
    `<xml><ToUserName>${cdata(sandboxCredentials.miniOriginalId)}</ToUserName>` +
    `<FromUserName>${cdata(openid)}</FromUserName><CreateTime>${at}</CreateTime>` +
    `<MsgType>${cdata('event')}</MsgType><Event>${cdata(fullName(name))}</Event>` +
    `<${node}>${list.join('')}</${node}></xml>`
  )
}

function jsonOf(world: World, { openid, at }: Head, { name, entries }: Event): string {
  const { pushList } = world.settings
  const [only, ...more] = entries
  const shape = pushList === 'random' ? pick(world, ['object', 'array'] as const) : pushList
  return JSON.stringify({
    ToUserName: sandboxCredentials.miniOriginalId,
    FromUserName: openid,
    CreateTime: pick<string | number>(world, [String(at), at]),
    MsgType: 'event',
    Event: fullName(name),
    List: shape === 'object' && more.length === 0 ? only : entries,
  })
}
