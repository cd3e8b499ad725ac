import { contactBell } from '../world/bell.ts'
import { ControlError } from '../base/refusal.ts'
import { isSameMember, spelled } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import type { Follow, Person, World } from '../world/types.ts'

/** Client-side acts on contacts. Each rings where the platform rings; what the API changes rings nowhere (W:96361). */
type Adding = {
  userid: string
  person: Person
  addWay: number
  remarkMobile: 'filled' | 'empty' | 'later'
  remarkMobiles: string[]
  initiatedBy: 'member' | 'customer'
  state: string
  half: boolean
}

export function findFollow(
  world: World,
  userid: string,
  externalUserid: string,
): Follow | undefined {
  return world.follows.find(
    (one) => isSameMember(one.userid, userid) && one.externalUserid === externalUserid,
  )
}

export const followsOf = (world: World, externalUserid: string): Follow[] =>
  world.follows.filter((one) => one.externalUserid === externalUserid && !one.half)

export const customersOf = (world: World, userid: string): Follow[] =>
  world.follows.filter((one) => isSameMember(one.userid, userid) && !one.half)

export function getFollow(world: World, userid: string, externalUserid: string): Follow {
  const follow = findFollow(world, userid, externalUserid)
  if (follow === undefined || follow.half)
    throw new ControlError(404, `${userid} has no such customer`)
  return follow
}

/** The add is complete when both sides accepted; `half` stops before the member does. */
export function addContact(stage: Stage, adding: Adding): Follow {
  const { userid, person } = adding
  const before = findFollow(stage.world, userid, person.externalUserid)
  if (before !== undefined && (!before.half || adding.half))
    throw new ControlError(409, 'they are contacts already')
  const greeted = before?.halfCodeUsed ?? false
  stage.world.follows = stage.world.follows.filter((one) => one !== before)
  const follow = newFollow(stage, adding)
  stage.world.follows.push(follow)
  const code = greeted ? undefined : welcomeCode(stage, follow, person)
  ring(stage, follow, {
    changeType: adding.half ? 'add_half_external_contact' : 'add_external_contact',
    extra: {
      ...(adding.state === '' ? {} : { State: adding.state }),
      ...(code === undefined ? {} : { WelcomeCode: code }),
    },
  })
  return follow
}

function newFollow(stage: Stage, adding: Adding): Follow {
  const { userid, person, remarkMobile, remarkMobiles } = adding
  return {
    userid,
    externalUserid: person.externalUserid,
    half: adding.half,
    halfCodeUsed: false,
    remark: person.name,
    description: '',
    remarkCompany: '',
    remarkMobiles: remarkMobile === 'filled' ? remarkMobiles : [],
    laterMobiles: remarkMobile === 'later' ? remarkMobiles : [],
    tags: [],
    createtime: stage.now(),
    addWay: adding.addWay,
    operUserid: adding.initiatedBy === 'member' ? userid : person.externalUserid,
    state: adding.state,
  }
}

/** None when a native welcome is configured or the person is another company's WeCom user (W:92137). */
function welcomeCode(stage: Stage, follow: Follow, person: Person): string | undefined {
  if (stage.world.settings.nativeWelcome || person.type === 2) return undefined
  const code = stage.makeId(43)
  stage.world.welcomeCodes[code] = {
    userid: follow.userid,
    externalUserid: follow.externalUserid,
    issuedAt: stage.now(),
    used: false,
  }
  return code
}

type Change = { changeType: string; extra?: Record<string, string> }

function ring(stage: Stage, follow: Follow, { changeType, extra = {} }: Change): void {
  const { userid, externalUserid } = follow
  stage.ring(
    contactBell({
      changeType,
      userid: spelled(stage.world, userid),
      externalUserid,
      createTime: stage.now(),
      extra,
    }),
  )
}

/**
 * Either side's deletion takes the follow entry away at once. (On the platform a member deleted by his customer keeps
 * a stale card in his client; what the API then still lists is not documented, so the strict reading is played.)
 */
export function removeContact(stage: Stage, follow: Follow, by: 'member' | 'customer'): void {
  stage.world.follows = stage.world.follows.filter((one) => one !== follow)
  ring(stage, follow, { changeType: by === 'member' ? 'del_external_contact' : 'del_follow_user' })
}

type Edit = {
  remark?: string
  description?: string
  remarkCompany?: string
  mobiles?: string[]
  tag?: string
}

/** The member edits in his client. A change of the phone alone rings nothing (W:96361). */
export function editContact(stage: Stage, follow: Follow, edit: Edit): { event: boolean } {
  const { mobiles, tag, ...words } = edit
  if (mobiles !== undefined) follow.remarkMobiles = mobiles
  Object.assign(follow, words)
  if (tag !== undefined)
    follow.tags.push({
      group_name: '客户等级',
      tag_name: tag,
      tag_id: `et${stage.makeId(30)}`,
      type: 1,
    })
  const event = tag !== undefined || Object.keys(words).length > 0
  if (event) ring(stage, follow, { changeType: 'edit_external_contact' })
  return { event }
}

/** A leaver's customer is handed on: the old side is deleted by transfer, the new one added with 202 (W:96361). */
export function transferContact(
  stage: Stage,
  follow: Follow,
  { person, to, refused }: { person: Person; to: string; refused: boolean },
): void {
  if (refused)
    return ring(stage, follow, {
      changeType: 'transfer_fail',
      extra: { FailReason: 'customer_refused' },
    })
  if (findFollow(stage.world, to, follow.externalUserid) !== undefined)
    throw new ControlError(409, `${to} has this customer`)
  const next: Follow = {
    ...follow,
    userid: to,
    createtime: stage.now(),
    addWay: 202,
    operUserid: follow.userid,
  }
  stage.world.follows = stage.world.follows.filter((one) => one !== follow)
  stage.world.follows.push(next)
  ring(stage, follow, {
    changeType: 'del_external_contact',
    extra: { Source: 'DELETE_BY_TRANSFER' },
  })
  const code = welcomeCode(stage, next, person)
  ring(stage, next, {
    changeType: 'add_external_contact',
    extra: code === undefined ? {} : { WelcomeCode: code },
  })
}
