import { ControlError } from '../base/refusal.ts'
import type { Stage } from '../world/stage.ts'
import type { Person } from '../world/types.ts'
import { allow, chatOf, ensureFollower, say } from './chat.ts'
import { deliver, SYSTEM_TEXT } from './post.ts'
import { eventPush, messagePush, type Push } from './push.ts'

type Seen = { reply: string | null }

const sender = (stage: Stage, person: Person) => ({
  openid: person.officialOpenid,
  at: stage.now(),
})

/** What the follower sees for what he did. */
async function show(stage: Stage, person: Person, push: Push): Promise<Seen> {
  const { reply, failed } = await deliver(stage, push)
  if (failed) say(stage, person, { from: 'system', type: 'text', text: SYSTEM_TEXT })
  else if (reply !== null) say(stage, person, { from: 'account', type: 'text', text: reply })
  return { reply: failed ? SYSTEM_TEXT : reply }
}

export function writes(stage: Stage, person: Person, content: string): Promise<Seen> {
  ensureFollower(stage, person)
  say(stage, person, { from: 'customer', type: 'text', text: content })
  allow(stage, person, 'message')
  return show(stage, person, messagePush(sender(stage, person), 'text', { Content: content }))
}

export function sendsMedia(stage: Stage, person: Person, type: string): Promise<Seen> {
  ensureFollower(stage, person)
  say(stage, person, { from: 'customer', type, text: '' })
  allow(stage, person, 'message')
  return show(
    stage,
    person,
    messagePush(sender(stage, person), type, { MediaId: stage.makeId(64) }),
  )
}

/** A tap on an item of the account's own menu. */
export function clicks(stage: Stage, person: Person, key: string): Promise<Seen> {
  ensureFollower(stage, person)
  allow(stage, person, 'event')
  return show(stage, person, eventPush(sender(stage, person), 'CLICK', key))
}

export function follows(stage: Stage, person: Person): Promise<Seen> {
  const chat = chatOf(stage.world, person)
  if (chat.followed === true && chat.subscribedAt !== null)
    throw new ControlError(409, 'this person follows already')
  Object.assign(chat, { followed: true, subscribedAt: stage.now() })
  allow(stage, person, 'event')
  return show(stage, person, eventPush(sender(stage, person), 'subscribe'))
}

/** Nothing can be said to somebody who left. */
export async function unfollows(stage: Stage, person: Person): Promise<Seen> {
  const chat = chatOf(stage.world, person)
  if (chat.followed === false) throw new ControlError(409, 'this person does not follow')
  Object.assign(chat, { followed: false, subscribedAt: null, allowances: {} })
  await deliver(stage, eventPush(sender(stage, person), 'unsubscribe'))
  return { reply: null }
}
