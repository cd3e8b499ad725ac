import { assertAccount, CHAT_LIVES_MS, getPerson } from './account.ts'
import { bytes, list, part, RefusedError, word, type Body } from './desk.ts'
import type { Moods } from './moods.ts'
import type { Session } from './sessions.ts'
import type { Person, Seen, World } from './world.ts'

const EVENT_CODE_MS = 20_000

/** What may be said to whom, and when (facts 2.3, 2.4). */
export function createSending(
  { moods, world }: { moods: Moods; world: World },
  sessionOf: (person: Person) => Session,
) {
  const eventCodes = new Map<string, { person: Person; until: number }>()
  const msgids = new Set<string>()
  return { createEventCode, send, sendOnEvent }

  function createEventCode(person: Person): string {
    const code = moods.letters(43)
    eventCodes.set(code, { person, until: Date.now() + EVENT_CODE_MS })
    return code
  }

  function send(body: Body): object {
    assertAccount(body)
    const person = getPerson(world, body['touser'])
    const session = sessionOf(person)
    if (session.state > 1) throw new RefusedError(95018)
    if (Date.now() - session.wroteAt > CHAT_LIVES_MS) throw new RefusedError(95002)
    if (session.sendsLeft <= 0) throw new RefusedError(95001)
    const msgid = take(body)
    session.sendsLeft -= 1
    person.chat.push(toSeen(body))
    return { msgid }
  }

  /** What a spent or late code is answered with is in no source (facts 11). */
  function sendOnEvent(body: Body): object {
    const code = eventCodes.get(word(body, 'code'))
    const isLive = code !== undefined && code.until >= Date.now()
    if (!isLive) throw new RefusedError(moods.pick(95007, 40058, 41050, 40029, 42003, 95044))
    const msgid = take(body)
    eventCodes.delete(word(body, 'code'))
    sessionOf(code.person).greetedAt = Date.now()
    code.person.chat.push(toSeen(body))
    return { msgid }
  }

  /** The message's name; what a second one of that name is answered with is in no source (facts 11). */
  function take(body: Body): string {
    assertMessage(body)
    const msgid = word(body, 'msgid') || moods.letters(32)
    if (!/^[\w-]{1,32}$/.test(msgid)) throw new RefusedError(40058)
    if (msgids.has(msgid)) throw new RefusedError(moods.pick(40058, 45065, 95033, 95099))
    msgids.add(msgid)
    return msgid
  }
}

/** Facts 2.3: kinds and sizes. */
function assertMessage(body: Body): void {
  const menu = part(body, 'msgmenu')
  const isText = word(body, 'msgtype') === 'text'
  if (!isText && word(body, 'msgtype') !== 'msgmenu') throw new RefusedError(95030)
  if (isText && bytes(word(part(body, 'text'), 'content')) > 2_048) throw new RefusedError(45002)
  if (list(menu, 'list').length > 10) throw new RefusedError(95008)
  if (bytes(word(menu, 'head_content')) > 1_024 || bytes(word(menu, 'tail_content')) > 1_024)
    throw new RefusedError(45002)
}

function toSeen(body: Body): Seen {
  const menu = part(body, 'msgmenu')
  const items = list(menu, 'list').map((one) => {
    const line = part(one as Body, word(one as Body, 'type'))
    return { id: word(line, 'id'), page: word(line, 'pagepath'), text: word(line, 'content') }
  })
  return { text: word(part(body, 'text'), 'content') || word(menu, 'head_content'), items }
}
