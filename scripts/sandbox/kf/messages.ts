import {
  asObject,
  byteLength,
  type Check,
  decimal,
  fail,
  list,
  oneOf,
  optional,
  record,
  text,
  TOO_LONG,
  webAddress,
} from '../base/check.ts'
import { cardPath, openedPath } from '../base/card-path.ts'
import { refusal } from '../base/errcodes.ts'
import type { Stage } from '../world/stage.ts'
import type { MenuLine } from '../world/types.ts'
import { requireMedia } from '../apps/media.ts'

/**
 * Message bodies of send_msg and send_msg_on_event (W:94677, W:95122); limits are bytes. `tail`: those of the words that
 * stand below the items of a menu.
 */
export type Spoken = { type: string; text: string; menu?: MenuLine[]; tail?: string }

const utf8 = (maxBytes: number): Check<string> => text({ maxBytes, tooLong: TOO_LONG })
const optionalText = (maxBytes: number) => optional(text({ min: 0, maxBytes, tooLong: TOO_LONG }))
const mediaId = record({ media_id: text() })

const readText = record({ content: utf8(2048) })
const readLink = record({
  title: text(),
  desc: optional(text({ min: 0 })),
  url: webAddress(),
  thumb_media_id: text(),
})
const readMini = record({
  appid: text({ maxBytes: 32 }),
  title: optional(text({ min: 0 })),
  thumb_media_id: text(),
  pagepath: cardPath,
})
const readLocation = record({
  name: optional(text({ min: 0 })),
  address: optional(text({ min: 0 })),
  latitude: decimal,
  longitude: decimal,
})
const readClick = record({ id: text({ maxBytes: 64 }), content: utf8(128) })
const readView = record({ url: webAddress(), content: utf8(1024) })
const readJump = record({
  appid: text({ maxBytes: 32 }),
  pagepath: utf8(1024),
  content: utf8(1024),
})

const MENU_MAX = 10
const MENU_TOO_MANY = 95008
const MENU_BAD_TYPE = 95009

const readItem: Check<MenuLine> = (value, at) => {
  const item = asObject(value, at)
  const type = oneOf(['click', 'view', 'miniprogram'] as const, MENU_BAD_TYPE)(
    item['type'],
    `${at}.type`,
  )
  const stray = Object.keys(item).find((key) => key !== 'type' && key !== type)
  if (stray !== undefined) fail(`${at}.${stray}`, `does not belong to a ${type} item`)
  const inner = item[type]
  if (type === 'click') {
    const { id, content } = readClick(inner, `${at}.click`)
    return { id, text: content }
  }
  if (type === 'view') {
    const { url, content } = readView(inner, `${at}.view`)
    return { text: content, url }
  }
  const { appid, pagepath, content } = readJump(inner, `${at}.miniprogram`)
  return { text: content, miniprogramPath: pagepath, appid }
}

const readMenu = record({
  head_content: optionalText(1024),
  list: list(readItem, { min: 1, max: MENU_MAX, tooMany: MENU_TOO_MANY }),
  tail_content: optionalText(1024),
})

/** Clicks of one menu need ids of their own, or the tap could not be told apart. */
function menuOf(value: unknown): Spoken {
  const menu = readMenu(value, 'msgmenu')
  const ids = menu.list.flatMap((item) => (item.id === undefined ? [] : [item.id]))
  if (new Set(ids).size < ids.length) fail('msgmenu.list', 'holds one click id twice')
  const words = [menu.head_content, menu.tail_content].filter(
    (part) => part !== undefined && part !== '',
  )
  const tail = menu.tail_content
  return {
    type: 'msgmenu',
    text: words.join('\n'),
    menu: menu.list,
    ...(tail !== undefined && tail !== '' && { tail }),
  }
}

/** Over-long titles are cut, not refused: the one place where the platform is kind (W:94677). */
function cut(value: string, maxBytes: number): string {
  let kept = value
  while (byteLength(kept) > maxBytes) kept = [...kept].slice(0, -1).join('')
  return kept
}

function cardOf(stage: Stage, value: unknown): Spoken {
  const link = readLink(value, 'link')
  requireMedia(stage, link.thumb_media_id, 'image')
  return {
    type: 'link',
    text: cut(link.title, 128),
    menu: [{ text: cut(link.desc ?? '', 512), url: link.url }],
  }
}

function miniOf(stage: Stage, value: unknown): Spoken {
  const mini = readMini(value, 'miniprogram')
  requireMedia(stage, mini.thumb_media_id, 'image')
  const title = cut(mini.title ?? '', 64)
  return {
    type: 'miniprogram',
    text: title,
    menu: [{ text: title, miniprogramPath: openedPath(mini.pagepath), appid: mini.appid }],
  }
}

const mediaKinds = ['image', 'voice', 'video', 'file'] as const

/** `msgtype` picks the one object that may stand beside it. */
export function readMessage(stage: Stage, msgtype: string, value: unknown): Spoken {
  if (msgtype === 'text') return { type: 'text', text: readText(value, 'text').content }
  if (msgtype === 'msgmenu') return menuOf(value)
  if (msgtype === 'link') return cardOf(stage, value)
  if (msgtype === 'miniprogram') return miniOf(stage, value)
  if (msgtype === 'location')
    return { type: 'location', text: readLocation(value, 'location').name ?? '' }
  const kind = mediaKinds.find((one) => one === msgtype)
  if (kind === undefined) throw refusal(40008)
  requireMedia(stage, mediaId(value, kind).media_id, kind)
  return { type: kind, text: '' }
}
