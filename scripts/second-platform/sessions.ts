import { bytes, list, part, RefusedError, word, type Body } from './desk.ts'
import type { Moods } from './moods.ts'
import { secondCredentials as known, type Person, type Seen, type World } from './world.ts'

const EVENT_CODE_MS = 20_000
/** Facts 2.3: messages for each of the customer's, and for how long after it. */
const SENDS = 5
export const CHAT_LIVES_MS = 2 * 86_400_000

export type Session = {
  state: number
  wroteAt: number
  sendsLeft: number
  enteredAt: number
  greetedAt: number
  context: object
  servedBy?: string
}

/** Who may be sent what, and when (facts 2.3, 2.4, 2.7). */
export function createSessions(moods: Moods, world: World) {
  const sessions = new Map<Person, Session>()
  const eventCodes = new Map<string, { person: Person; until: number }>()
  const msgids = new Set<string>()
  let onDuty: string | undefined
  return {
    of,
    createEventCode,
    noteWord,
    end,
    send,
    sendOnEvent,
    putOnDuty: (userid?: string) => {
      onDuty = userid
    },
  }

  function of(person: Person): Session {
    const session = sessions.get(person) ?? {
      state: 4,
      wroteAt: 0,
      sendsLeft: 0,
      enteredAt: 0,
      greetedAt: 0,
      context: {},
    }
    sessions.set(person, session)
    return session
  }

  function createEventCode(person: Person): string {
    const code = moods.letters(43)
    eventCodes.set(code, { person, until: Date.now() + EVENT_CODE_MS })
    return code
  }

  function noteWord(person: Person): void {
    const session = of(person)
    Object.assign(session, {
      wroteAt: Date.now(),
      sendsLeft: SENDS,
      state: session.state === 4 ? 0 : session.state,
    })
    // Facts 11: where people serve the account, the first word is theirs.
    if (session.state === 0 && onDuty !== undefined)
      Object.assign(session, { state: 3, servedBy: onDuty })
  }

  /** The servicer ends it in his client. */
  function end(person: Person): void {
    const session = of(person)
    session.state = 4
    delete session.servedBy
  }

  function send(body: Body): object {
    assertAccount(body)
    const person = getPerson(world, body['touser'])
    const session = of(person)
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
    of(code.person).greetedAt = Date.now()
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
export type Sessions = ReturnType<typeof createSessions>

export function getPerson(world: World, externalUserid: unknown): Person {
  const person = world.findPerson(externalUserid)
  if (person === undefined) throw new RefusedError(40096)
  return person
}

export function assertAccount(body: Body): void {
  if (word(body, 'open_kfid') !== known.openKfId) throw new RefusedError(95004)
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
