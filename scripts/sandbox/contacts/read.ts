import { fail, integer, list, optional, record, text } from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import { findVisible, getExternal, getMember, isFollowUser } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import type { Person } from '../world/types.ts'
import { customersOf, followsOf } from './follows.ts'
import { presentContact, presentFollow, presentFollowInfo } from './present.ts'

/** GET externalcontact/get (W:92114): followers outside the visible range are left out, many followers are paged. */
export function getContact(stage: Stage, query: Record<string, string>): Record<string, unknown> {
  const externalUserid = query['external_userid']
  if (externalUserid === undefined || externalUserid === '') throw refusal(41035)
  const person = getExternal(stage.world, externalUserid)
  const all = followsOf(stage.world, externalUserid)
  if (all.length === 0) throw refusal(84061)
  const visible = all.filter(({ userid }) => findVisible(stage.world, userid)?.followUser === true)
  if (visible.length === 0) throw refusal(40096, 'no follower in the visible range')
  const start = readCursor(query['cursor'], externalUserid)
  const end = start + stage.world.settings.followPageSize
  return {
    external_contact: presentContact(stage, person),
    follow_user: visible.slice(start, end).map(presentFollow),
    ...(end < visible.length ? { next_cursor: writeCursor(end, externalUserid) } : {}),
  }
}

/** GET externalcontact/list (W:92113): an empty list is an error, not an empty list. */
export function listContacts(stage: Stage, query: Record<string, string>): Record<string, unknown> {
  const userid = query['userid']
  if (userid === undefined || userid === '') throw refusal(40003, 'userid missing')
  const follows = isFollowUser(getMember(stage.world, userid))
    ? customersOf(stage.world, userid)
    : []
  if (follows.length === 0) throw refusal(84061)
  return { external_userid: follows.map((follow) => follow.externalUserid) }
}

export const listFollowUsers = (stage: Stage): Record<string, unknown> => ({
  follow_user: Object.values(stage.world.members)
    .filter(isFollowUser)
    .map((member) => member.userid),
})

const BATCH_DEFAULT = 50
const BATCH_MAX = 100
const readBatch = record({
  userid_list: list(text({ maxBytes: 64 }), { min: 1, max: 100 }),
  cursor: optional(text({ min: 0, maxBytes: 256 })),
  limit: optional(integer(1, Number.MAX_SAFE_INTEGER)),
})

/** POST externalcontact/batch/get_by_user (W:96316): a limit above 100 is clamped, not refused. */
export function batchGetByUser(stage: Stage, body: unknown): Record<string, unknown> {
  const wanted = readBatch(body, 'body')
  const users = wanted.userid_list.map((userid) => getMember(stage.world, userid))
  const visible = users.filter(isFollowUser)
  const key = wanted.userid_list.join(',')
  const rows = visible.flatMap((member) => customersOf(stage.world, member.userid))
  const start = readCursor(wanted.cursor, key)
  const end = start + Math.min(wanted.limit ?? BATCH_DEFAULT, BATCH_MAX)
  return {
    external_contact_list: rows.slice(start, end).flatMap((follow) => {
      const person = ownerOf(stage, follow.externalUserid)
      if (person === undefined) return []
      return [
        { external_contact: presentContact(stage, person), follow_info: presentFollowInfo(follow) },
      ]
    }),
    next_cursor: end < rows.length ? writeCursor(end, key) : '',
  }
}

const ownerOf = (stage: Stage, externalUserid: string): Person | undefined =>
  Object.values(stage.world.people).find((person) => person.externalUserid === externalUserid)

/** A cursor belongs to one question; used with another it is refused. */
function writeCursor(offset: number, question: string): string {
  return Buffer.from(JSON.stringify([offset, question.slice(0, 40)])).toString('base64url')
}

function readCursor(cursor: string | undefined, question: string): number {
  if (cursor === undefined || cursor === '') return 0
  try {
    const [offset, asked] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [
      unknown,
      unknown,
    ]
    if (typeof offset === 'number' && asked === question.slice(0, 40)) return offset
  } catch {
    // falls through: not one of ours
  }
  return fail('cursor', 'is not one of this query')
}
