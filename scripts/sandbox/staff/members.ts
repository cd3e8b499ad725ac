import { refusal } from '../base/errcodes.ts'
import { findInAddressBook } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'

/** The only department of this company. */
const ROOT_DEPARTMENT = 1

/**
 * GET user/get (W:90196) as a self-built app sees a member: since 2022-06-20 no mobile, avatar or e-mail. One who left is
 * told as status 5 while the address book keeps him, and is unknown afterwards.
 */
export function readMember(
  { world }: Stage,
  query: Record<string, string>,
): Record<string, unknown> {
  const userid = query['userid']
  if (userid === undefined || userid === '') throw refusal(40003, 'userid missing')
  const member = findInAddressBook(world, userid)
  if (member === undefined) throw refusal(60111)
  if (member.hidden === true) throw refusal(60011, 'out of the visible range')
  return { userid, name: member.name, department: [ROOT_DEPARTMENT], status: member.status ?? 1 }
}
