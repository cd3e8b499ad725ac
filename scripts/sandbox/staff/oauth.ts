import { refusal } from '../base/errcodes.ts'
import { undocumented } from '../world/undocumented.ts'
import { findMember, spelled } from '../world/people.ts'
import { followsOf } from '../contacts/follows.ts'
import type { Stage } from '../world/stage.ts'
import type { OauthCode, Visitor } from '../world/staff.ts'

const CODE_SECONDS = 300
const MAX_CODE_BYTES = 512

/** What the OAuth page hands to the company's page: 5 minutes, one exchange. */
export function issueOauthCode(stage: Stage, visitor: Visitor, scope: string): string {
  const { codes } = stage.world.staff
  for (const [text, code] of Object.entries(codes))
    if (stage.now() - code.issuedAt > 86_400) delete codes[text]
  const code = stage.makeId(64)
  codes[code] = { visitor, scope, issuedAt: stage.now(), used: false }
  return code
}

/** GET auth/getuserinfo (W:91023): who opened the page; a member by userid, anybody else by openid. */
export function getUserInfo(stage: Stage, query: Record<string, string>): Record<string, unknown> {
  const text = query['code'] ?? ''
  if (Buffer.byteLength(text) > MAX_CODE_BYTES) throw refusal(40029, 'longer than 512 bytes')
  const code = Object.hasOwn(stage.world.staff.codes, text)
    ? stage.world.staff.codes[text]
    : undefined
  if (code === undefined) throw refusal(40029)
  if (code.used) throw undocumented(stage.world, 42022)
  if (stage.now() - code.issuedAt > CODE_SECONDS) throw undocumented(stage.world, 42003)
  code.used = true
  return describe(stage, code)
}

function describe(stage: Stage, { visitor, scope }: OauthCode): Record<string, unknown> {
  if (visitor.kind === 'member') {
    if (findMember(stage.world, visitor.userid) === undefined) throw refusal(60111)
    return {
      userid: spelled(stage.world, visitor.userid),
      ...(scope === 'snsapi_privateinfo' && { user_ticket: stage.makeId(128), expires_in: 1800 }),
    }
  }
  const person = stage.world.people[visitor.personId]
  if (person === undefined) throw refusal(40029)
  // the external_userid only of somebody whom a member within the app's range follows
  const isFollowed = followsOf(stage.world, person.externalUserid).some(({ half }) => !half)
  return {
    openid: person.officialOpenid,
    ...(isFollowed && { external_userid: person.externalUserid }),
  }
}
