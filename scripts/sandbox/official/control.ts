import { oneOf, optional, record, text } from '../base/check.ts'
import { ControlError } from '../base/refusal.ts'
import { type ControlRouter, type Desk, param } from '../http/control.ts'
import { personById } from '../world/people.ts'
import type { Person } from '../world/types.ts'
import { clicks, follows, sendsMedia, unfollows, writes } from './acts.ts'
import { chatOf } from './chat.ts'
import { checkUrl } from './post.ts'

const readSend = record({
  text: optional(text({ maxBytes: 20_000 })),
  type: optional(oneOf(['image', 'voice', 'video'] as const)),
  menuKey: optional(text({ maxBytes: 128 })),
})

function act({ stage }: Desk, person: Person, wanted: ReturnType<typeof readSend>) {
  if (Object.values(wanted).filter((one) => one !== undefined).length !== 1)
    throw new ControlError(400, 'give text, type or menuKey, and only one of them')
  if (wanted.text !== undefined) return writes(stage, person, wanted.text)
  if (wanted.menuKey !== undefined) return clicks(stage, person, wanted.menuKey)
  return sendsMedia(stage, person, wanted.type ?? 'image')
}

/** What a follower does in the official account; each call answers `{reply}`, what he then sees there. */
export function officialControl({ get, post }: ControlRouter, desk: Desk): void {
  const { stage } = desk
  const person = (params: Record<string, string>): Person =>
    personById(stage.world, param(params, 'personId'))
  post('/people/:personId/official/send', ({ params, body }) =>
    act(desk, person(params), readSend(body, 'body')),
  )
  post('/people/:personId/official/follow', ({ params }) => follows(stage, person(params)))
  post('/people/:personId/official/unfollow', ({ params }) => unfollows(stage, person(params)))
  get('/people/:personId/official', ({ params }) => {
    const { followed, lines } = chatOf(stage.world, person(params))
    return { followed, lines }
  })
  get(
    '/people/:personId/official/messages',
    ({ params }) => chatOf(stage.world, person(params)).lines,
  )
  post('/official/check-url', () => checkUrl(stage))
  get('/official/pushes', () => stage.world.officialPushes)
}
