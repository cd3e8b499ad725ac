import { RefusedError, word, type Body } from './desk.ts'
import { secondCredentials as known, type Person, type World } from './world.ts'

/** Facts 2.3: how long after his last word a customer may be written to. */
export const CHAT_LIVES_MS = 2 * 86_400_000

export function getPerson(world: World, externalUserid: unknown): Person {
  const person = world.findPerson(externalUserid)
  if (person === undefined) throw new RefusedError(40096)
  return person
}

export function assertAccount(body: Body): void {
  if (word(body, 'open_kfid') !== known.openKfId) throw new RefusedError(95004)
}
