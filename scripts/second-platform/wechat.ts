import type { Courier } from './courier.ts'
import { bytes, part, RefusedError, word, type Body, type Desk } from './desk.ts'
import { nothing, type Moods } from './moods.ts'
import type { Tokens } from './tokens.ts'
import { secondCredentials as known, type Person, type World } from './world.ts'

const APPS: Readonly<Record<string, string>> = {
  [known.miniAppId]: known.miniAppSecret,
  [known.officialAppId]: known.officialAppSecret,
}
/** Facts 6: after a word of the follower. */
const REPLIES = 5
const REPLIES_TO_A_FOLLOW = 3

type Deps = { moods: Moods; world: World; tokens: Tokens; courier: Courier }

/** api.weixin.qq.com for the mini-program and the official account (facts 4.2 to 4.4, 6). */
export function createWechat(deps: Deps) {
  const { moods, world, tokens } = deps
  const login = createLogin(moods)
  const account = createAccount(deps)
  const desk: Desk = {
    'GET /sns/jscode2session': ({ query }) => {
      assertApp(query.get('appid') ?? '', query.get('secret') ?? '')
      return login.exchange(query.get('js_code') ?? '')
    },
    'POST /cgi-bin/stable_token': ({ body }) => {
      assertApp(word(body, 'appid'), word(body, 'secret'))
      return tokens.issue('wx', word(body, 'appid'))
    },
    'GET /cgi-bin/user/info': ({ query, app }) => {
      assertOfficial(app)
      return account.describe(getReader(world, query.get('openid') ?? ''))
    },
    'POST /cgi-bin/message/custom/send': ({ body, app }) => {
      assertOfficial(app)
      return account.write(getReader(world, word(body, 'touser')), body)
    },
  }
  return {
    desk,
    createLoginCode: login.createCode,
    follow: account.follow,
    writeOfficial: account.hear,
  }
}

function createLogin(moods: Moods) {
  const codes = new Map<string, Person>()
  const spent = new Set<string>()
  return { createCode, exchange }

  function createCode(person: Person): string {
    const code = `0${moods.letters(31)}`
    codes.set(code, person)
    return code
  }

  /** Facts 4.4: a code that was seen once is spent, also when the exchange failed. */
  function exchange(code: string): object {
    const person = codes.get(code)
    codes.delete(code)
    if (person === undefined) throw new RefusedError(spent.has(code) ? 40163 : 40029)
    spent.add(code)
    const unionid =
      person.unionid === undefined ? nothing(moods, 'unionid', '') : { unionid: person.unionid }
    return { openid: person.openid, session_key: `${moods.letters(22)}==`, ...unionid }
  }
}

/** The official account as its follower has it. */
function createAccount({ moods, courier }: Deps) {
  const repliesLeft = new Map<Person, number>()
  return { describe, write, follow, hear }

  function describe(person: Person): object {
    if (!person.isFollower) return { subscribe: 0, openid: person.officialOpenid }
    const unionid = person.unionid === undefined ? {} : { unionid: person.unionid }
    const about = { nickname: '', subscribe_time: 1_700_000_000, tagid_list: [] }
    return { subscribe: 1, openid: person.officialOpenid, ...about, ...unionid }
  }

  function write(person: Person, body: Body): object {
    const content = word(part(body, 'text'), 'content')
    if (!person.isFollower) throw new RefusedError(43004)
    if (word(body, 'msgtype') !== 'text' || content === '' || bytes(content) > 2_048)
      throw new RefusedError(40008)
    const left = repliesLeft.get(person) ?? 0
    if (left <= 0) throw new RefusedError(repliesLeft.has(person) ? 45047 : 45015)
    repliesLeft.set(person, left - 1)
    person.official.push(content)
    return {}
  }

  function follow(person: Person): void {
    person.isFollower = true
    repliesLeft.set(person, REPLIES_TO_A_FOLLOW)
    courier.push(person, {
      MsgType: 'event',
      Event: 'subscribe',
      EventKey: moods.pick(undefined, ''),
    })
  }

  function hear(person: Person, text: string): void {
    repliesLeft.set(person, REPLIES)
    const msgId = `${String(2 ** 30 + moods.below(2 ** 30))}${String(moods.below(1e9)).padStart(9, '0')}`
    courier.push(person, { MsgType: 'text', Content: text, MsgId: msgId })
  }
}

function assertApp(appId: string, secret: string): void {
  if (APPS[appId] === undefined) throw new RefusedError(40013)
  if (APPS[appId] !== secret) throw new RefusedError(40125)
}

function assertOfficial(app: string): void {
  if (app !== known.officialAppId) throw new RefusedError(48001)
}

function getReader(world: World, openid: string): Person {
  const person = world.people.find((one) => one.officialOpenid === openid)
  if (person === undefined) throw new RefusedError(40003)
  return person
}
