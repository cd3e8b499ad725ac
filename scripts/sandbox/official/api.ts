import { asObject, oneOf, record, text, TOO_LONG } from '../base/check.ts'
import { Refusal } from '../base/refusal.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { type Stage, unionidField } from '../world/stage.ts'
import type { OfficialLine, Person } from '../world/types.ts'
import { chatOf, isFollower, say, spendAllowance } from './chat.ts'
import { requireOwn } from './media.ts'

/** When those subscribed whose follow nobody saw. */
const LONG_AGO = 1_600_000_000

type Call = { query: Record<string, string>; body: unknown }

/** An openid belongs to one app: with the token of another app it is as unknown as an invented one. */
function followerOf(stage: Stage, openid: string, query: Record<string, string>): Person {
  const isOfficial = stage.world.tokens[query['access_token'] ?? '']?.kind.startsWith('official')
  const person = isOfficial
    ? Object.values(stage.world.people).find((one) => one.officialOpenid === openid)
    : undefined
  if (person === undefined) throw new Refusal(40003, 'invalid openid')
  return person
}

/** GET cgi-bin/user/info (M: 获取用户基本信息). Who does not follow has no further fields, hence no unionid. */
export function userInfo(stage: Stage, { query }: Call): Record<string, unknown> {
  const openid = query['openid'] ?? ''
  if (openid === '') throw new Refusal(41009, 'missing openid')
  const person = followerOf(stage, openid, query)
  if (!isFollower(stage.world, person)) return { subscribe: 0, openid, tagid_list: [] }
  return {
    subscribe: 1,
    openid,
    nickname: '',
    sex: 0,
    language: 'zh_CN',
    city: '',
    province: '',
    country: '',
    headimgurl: '',
    subscribe_time: chatOf(stage.world, person).subscribedAt ?? LONG_AGO,
    ...unionidField(stage.world, 'weixin', person),
    remark: '',
    groupid: 0,
    tagid_list: [],
    subscribe_scene: 'ADD_SCENE_SEARCH',
    qr_scene: 0,
    qr_scene_str: '',
  }
}

const MESSAGES = ['text', 'miniprogrampage'] as const
const readText = record({
  touser: text(),
  msgtype: text(),
  text: record({ content: text({ maxBytes: 2048, tooLong: TOO_LONG }) }),
})
/** The path as app.json has it, without a slash before it. */
const readCard = record({
  touser: text(),
  msgtype: text(),
  miniprogrampage: record({
    title: text(),
    appid: text(),
    pagepath: text({ maxBytes: 1024, pattern: /^[^/\s]\S*$/ }),
    thumb_media_id: text(),
  }),
})

type Message = { touser: string; line: Pick<OfficialLine, 'type' | 'text' | 'miniprogramPath'> }

/** A card opens a mini-program that is linked to the account; the sandbox account has exactly one. */
function readMessage(stage: Stage, body: unknown): Message {
  const type = oneOf(MESSAGES, 40008)(asObject(body, 'body')['msgtype'], 'body.msgtype')
  if (type === 'text') {
    const {
      touser,
      text: { content },
    } = readText(body, 'body')
    return { touser, line: { type, text: content } }
  }
  const { touser, miniprogrampage: card } = readCard(body, 'body')
  if (card.appid !== sandboxCredentials.miniAppId)
    throw new Refusal(40013, 'invalid appid: the mini-program is not linked to the account')
  requireOwn(stage, card.thumb_media_id, { owner: 'official', types: ['image', 'thumb'] })
  return { touser, line: { type, text: card.title, miniprogramPath: card.pagepath } }
}

/** POST cgi-bin/message/custom/send (M: 客服消息): 5 within 48 h of a message, 3 within a minute of an event. Texts and cards are played. */
export function customSend(stage: Stage, { query, body }: Call): Record<string, unknown> {
  const { touser, line } = readMessage(stage, body)
  const person = followerOf(stage, touser, query)
  spendAllowance(stage, person)
  say(stage, person, { from: 'account', ...line })
  return { errcode: 0, errmsg: 'ok' }
}
