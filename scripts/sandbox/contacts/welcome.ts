import {
  asObject,
  byteLength,
  type Check,
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
import { requireMedia } from '../apps/media.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { findExternal } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import type { InboxItem, WelcomeCode } from '../world/types.ts'
import { findFollow } from './follows.ts'

const WELCOME_SECONDS = 20
const MAX_ATTACHMENTS = 9
const kinds = ['image', 'link', 'miniprogram', 'video', 'file'] as const
type Kind = (typeof kinds)[number]
type Card = { type: Kind; [field: string]: unknown }

const readText = record({ content: text({ min: 0, maxBytes: 4000, tooLong: TOO_LONG }) })
const readImage = record({ media_id: optional(text()), pic_url: optional(webAddress()) })
const readLink = record({
  title: text({ maxBytes: 128, tooLong: TOO_LONG }),
  picurl: optional(webAddress()),
  desc: optional(text({ min: 0, maxBytes: 512, tooLong: TOO_LONG })),
  url: webAddress(),
})
const readMini = record({
  title: text({ maxBytes: 64, tooLong: TOO_LONG }),
  pic_media_id: text(),
  appid: text({ maxBytes: 64 }),
  page: cardPath,
})
const readFile = record({ media_id: text() })

/** An attachment is {msgtype, <msgtype>: {...}}; its media must exist now (W:92137). */
function readCard(stage: Stage, value: unknown, at: string): Card {
  const item = asObject(value, at)
  const kind = oneOf(kinds, 41065)(item['msgtype'], `${at}.msgtype`)
  const stray = Object.keys(item).find((key) => key !== 'msgtype' && key !== kind)
  if (stray !== undefined) fail(`${at}.${stray}`, 'is not a field of this attachment')
  const inner = item[kind]
  const inside = `${at}.${kind}`
  if (kind === 'miniprogram') return miniCard(stage, inner, inside)
  if (kind === 'link') return { type: kind, ...readLink(inner, inside) }
  if (kind === 'image') return imageCard(stage, inner, inside)
  const { media_id: mediaId } = readFile(inner, inside)
  requireMedia(stage, mediaId, kind)
  return { type: kind, mediaId }
}

function imageCard(stage: Stage, inner: unknown, at: string): Card {
  const image = readImage(inner, at)
  if (image.media_id === undefined && image.pic_url === undefined)
    fail(at, 'needs media_id or pic_url')
  if (image.media_id !== undefined) requireMedia(stage, image.media_id, 'image')
  return { type: 'image', mediaId: image.media_id, url: image.pic_url }
}

/** The mini-program must be associated with the company; the sandbox company has exactly one. */
function miniCard(stage: Stage, inner: unknown, at: string): Card {
  const mini = readMini(inner, at)
  requireMedia(stage, mini.pic_media_id, 'image')
  if (mini.appid !== sandboxCredentials.miniAppId)
    throw refusal(40013, 'mini-program not associated with the company')
  return {
    type: 'miniprogram',
    title: mini.title,
    miniprogramPath: openedPath(mini.page),
    appid: mini.appid,
  }
}

const anything: Check<unknown> = (value) => value
const readBody = record({
  welcome_code: optional(text({ min: 0 })),
  text: optional(readText),
  attachments: optional(list(anything, { max: MAX_ATTACHMENTS, tooMany: 41064 })),
})

/** POST externalcontact/send_welcome_msg (W:92137): within 20 s, once; a refused body leaves the code alive. */
export function sendWelcome(stage: Stage, body: unknown): Record<string, unknown> {
  const wanted = readBody(body, 'body')
  const content = wanted.text?.content ?? ''
  const cards = (wanted.attachments ?? []).map((value, index) =>
    readCard(stage, value, `attachments[${index}]`),
  )
  if (wanted.welcome_code === undefined || wanted.welcome_code === '') throw refusal(41049)
  if (byteLength(content) === 0 && cards.length === 0)
    fail('body', 'has neither text nor attachments')
  const code = getCode(stage, wanted.welcome_code)
  code.used = true
  const half = findFollow(stage.world, code.userid, code.externalUserid)
  if (half?.half === true) half.halfCodeUsed = true
  deliver(stage, code, { content, cards })
  return {}
}

function getCode(stage: Stage, text: string): WelcomeCode {
  const code = Object.hasOwn(stage.world.welcomeCodes, text)
    ? stage.world.welcomeCodes[text]
    : undefined
  if (code === undefined || stage.now() - code.issuedAt > WELCOME_SECONDS) throw refusal(41050)
  if (code.used) throw refusal(41051)
  // deleted again before the greeting went out
  if (findFollow(stage.world, code.userid, code.externalUserid) === undefined) throw refusal(41050)
  return code
}

type Welcome = { content: string; cards: Card[] }

/** Each bubble is one item, as the person sees them. */
function deliver(stage: Stage, code: WelcomeCode, { content, cards }: Welcome): void {
  const person = findExternal(stage.world, code.externalUserid)
  if (person === undefined) return
  const envelope = { kind: 'welcome', from: code.userid, at: stage.now() }
  const bubbles: InboxItem[] = cards.map((card) => ({ ...card, ...envelope }))
  if (content !== '') bubbles.unshift({ ...envelope, type: 'text', text: content })
  const inbox = (stage.world.personInbox[person.personId] ??= [])
  inbox.push(...bubbles)
}
