import { expect } from '@jest/globals'
import { findTicket, type Person } from '../../scripts/play/people.ts'
import type { Town } from './town.ts'

/** The code of an account, written in the chat of its owner or of `chat`; then the tap, where a unionid does not stand for it. */
export async function bindByCode(
  { settle }: Town,
  account: Person,
  chat: Person = account,
): Promise<void> {
  if (account.token === '') await account.signIn()
  await chat.say((await account.code()).bindCode)
  await settle()
  const ticket = findTicket(await chat.chat())
  if (ticket !== undefined) expect((await account.openTicket(ticket)).status).toBe(200)
  await settle()
}
