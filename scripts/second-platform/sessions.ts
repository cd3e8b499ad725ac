import type { Moods } from './moods.ts'
import { createSending } from './sending.ts'
import type { Person, World } from './world.ts'

/** Facts 2.3: messages for each of the customer's. */
const SENDS = 5

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
  let onDuty: string | undefined
  return {
    of,
    noteWord,
    end,
    ...createSending({ moods, world }, of),
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
}
export type Sessions = ReturnType<typeof createSessions>
