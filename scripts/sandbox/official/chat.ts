import { ControlError, Refusal } from '../base/refusal.ts'
import type { Stage } from '../world/stage.ts'
import type { OfficialChat, OfficialLine, Person, World } from '../world/types.ts'

/** Messages the account may send by itself after an act of the follower (M: 客服消息, quotas of the current doc). */
const ALLOWANCES = {
  message: { left: 5, seconds: 48 * 3600 },
  event: { left: 3, seconds: 60 },
} as const

export function chatOf(world: World, person: Person): OfficialChat {
  return (world.officialChats[person.personId] ??= {
    followed: null,
    subscribedAt: null,
    allowances: {},
    lines: [],
  })
}

export const isFollower = (world: World, person: Person): boolean =>
  chatOf(world, person).followed === true

/** Who writes without having followed had followed before the account got a server (subscribedAt stays null); who unfollowed cannot write. */
export function ensureFollower(stage: Stage, person: Person): void {
  const chat = chatOf(stage.world, person)
  if (chat.followed === false)
    throw new ControlError(409, 'this person unfollowed the official account')
  chat.followed = true
}

export function say(stage: Stage, person: Person, line: Omit<OfficialLine, 'at'>): void {
  chatOf(stage.world, person).lines.push({ ...line, at: stage.now() })
}

/** A new act begins a new count. */
export function allow(stage: Stage, person: Person, by: keyof typeof ALLOWANCES): void {
  const { left, seconds } = ALLOWANCES[by]
  chatOf(stage.world, person).allowances[by] = { left, until: stage.now() + seconds }
}

/** Takes one message from what the account may still send to this follower. */
export function spendAllowance(stage: Stage, person: Person): void {
  const chat = chatOf(stage.world, person)
  const live = Object.values(chat.allowances).filter(({ until }) => stage.now() < until)
  if (chat.followed !== true || live.length === 0)
    throw new Refusal(45015, 'response out of time limit or subscription is canceled')
  const open = live.find(({ left }) => left > 0)
  if (open === undefined) throw new Refusal(45047, 'out of response count limit')
  open.left -= 1
}
