import { RefusedError, part, word, type Body, type Desk } from './desk.ts'
import { nothing, type Moods } from './moods.ts'
import type { Tokens } from './tokens.ts'
import { secondCredentials as known, type Member, type World } from './world.ts'

/** qyapi.weixin.qq.com besides chat and contacts: token, members, app messages, media, tickets (facts 4.1, 4.7, 4.8, 5.1). */
export function createCorp({
  moods,
  world,
  tokens,
}: {
  moods: Moods
  world: World
  tokens: Tokens
}) {
  const media = new Set<string>()
  const ticket = () => ({ ticket: moods.letters(86), expires_in: 7_200 })

  const desk: Desk = {
    'GET /cgi-bin/gettoken': ({ query }) => {
      if (query.get('corpid') !== known.corpId) throw new RefusedError(40013)
      if (query.get('corpsecret') !== known.appSecret) throw new RefusedError(40001)
      return tokens.issue('corp', known.agentId)
    },
    'GET /cgi-bin/user/get': ({ query }) => {
      const member = world.findMember(query.get('userid') ?? '')
      if (member === undefined) throw new RefusedError(60111)
      return {
        userid: member.userid,
        name: member.name,
        status: 1,
        department: [1, 44],
        ...nothing(moods, 'position', ''),
      }
    },
    'POST /cgi-bin/message/send': ({ body }) => note(body),
    'POST /cgi-bin/media/upload': ({ query, raw }) => {
      if (query.get('type') !== 'image' || raw.length <= 5) throw new RefusedError(40004)
      const id = `3${moods.letters(50)}`
      media.add(id)
      return { type: 'image', media_id: id, created_at: String(Math.floor(Date.now() / 1000)) }
    },
    'GET /cgi-bin/get_jsapi_ticket': ticket,
    'GET /cgi-bin/ticket/get': ticket,
  }
  return { desk, hasMedia: (id: string) => media.has(id) }

  /** Facts 4.8: who is unknown stands in `invaliduser`; nobody known is a refusal. */
  function note(body: Body): object {
    if (Number(body['agentid']) !== Number(known.agentId)) throw new RefusedError(301002)
    const asked = word(body, 'touser').split('|')
    const found = asked
      .map((userid) => world.findMember(userid))
      .filter((one): one is Member => one !== undefined)
    if (found.length === 0) throw new RefusedError(81013)
    const text = word(part(body, 'text'), 'content') || word(part(body, 'textcard'), 'description')
    for (const member of found) member.notes.push(text)
    const invalid = asked
      .filter((userid) => world.findMember(userid) === undefined)
      .join('|')
      .toLowerCase()
    return {
      msgid: moods.letters(40),
      ...(invalid === '' ? nothing(moods, 'invaliduser', '') : { invaliduser: invalid }),
    }
  }
}
