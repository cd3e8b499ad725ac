import {
  type Check,
  fail,
  flag,
  integer,
  list,
  oneOf,
  optional,
  record,
  text,
} from '../base/check.ts'
import {
  addContact,
  customersOf,
  editContact,
  getFollow,
  removeContact,
  transferContact,
} from '../contacts/follows.ts'
import {
  findInAddressBook,
  memberForControl,
  personOf,
  type Who,
  workingMember,
} from '../world/people.ts'
import type { Member, MemberStatus, World } from '../world/types.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { type ControlRouter, type Desk, param } from '../http/control.ts'

const who = {
  phone: optional(text()),
  externalUserid: optional(text()),
  personId: optional(text()),
}
const mobiles = optional(list(text({ min: 0 }), { max: 20 }))

const statuses: readonly MemberStatus[] = [1, 2, 4, 5]
const memberStatus: Check<MemberStatus> = (value, at) =>
  statuses.find((one) => one === value) ?? fail(at, 'must be 1, 2, 4 or 5')

const readMember = record({
  userid: text({ maxBytes: 64, pattern: /^[A-Za-z0-9_.@-]+$/ }),
  name: optional(text()),
  mobile: optional(text()),
  followUser: optional(flag),
  servicer: optional(flag),
  status: optional(memberStatus),
  hidden: optional(flag),
  /** true: the address book forgets him, his userid is unknown from now on */
  deleted: optional(flag),
})
const readAdd = record({
  ...who,
  addWay: optional(integer(0, 999)),
  remarkMobile: optional(oneOf(['filled', 'empty', 'later'] as const)),
  remarkMobiles: mobiles,
  initiatedBy: optional(oneOf(['member', 'customer'] as const)),
  state: optional(text({ min: 0, maxChars: 30 })),
  half: optional(flag),
})
const readWho = record(who)
const readRemark = record({ ...who, mobiles })
const readEdit = record({
  ...who,
  mobiles,
  remark: optional(text({ min: 0 })),
  description: optional(text({ min: 0 })),
  remarkCompany: optional(text({ min: 0 })),
  tag: optional(text()),
})
const readTransfer = record({ ...who, to: text(), refused: optional(flag) })

/**
 * remarkMobile defaults to what the WeCom client does: it pre-fills the number one searched by, and only then; numbers
 * that are named were typed by hand. Who is named by id may be added as "searched" without a phone: he has given the
 * number up between the search and his yes.
 */
function add({ stage }: Desk, userid: string, body: unknown): { externalUserid: string } {
  const wanted = readAdd(body, 'body')
  const member = workingMember(stage.world, userid)
  const person = personOf(stage.world, wanted)
  const addWay = wanted.addWay ?? 2
  addContact(stage, {
    userid: member.userid,
    person,
    addWay,
    remarkMobile:
      wanted.remarkMobile ??
      (addWay === 2 || wanted.remarkMobiles !== undefined ? 'filled' : 'empty'),
    remarkMobiles: wanted.remarkMobiles ?? (person.phone === null ? [] : [person.phone]),
    initiatedBy: wanted.initiatedBy ?? 'member',
    state: wanted.state ?? '',
    half: wanted.half ?? false,
  })
  return { externalUserid: person.externalUserid }
}

/** A new member, or a change of one: what is not named stays as it is. */
function putMember(world: World, body: unknown): Member {
  const { servicer, deleted, ...wanted } = readMember(body, 'body')
  const before = findInAddressBook(world, wanted.userid)
  const given = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  )
  const member: Member = {
    name: wanted.name ?? before?.name ?? fail('body.name', 'missing'),
    followUser: true,
    ...before,
    ...given,
    userid: before?.userid ?? wanted.userid,
  }
  world.members[member.userid] = member
  if (deleted === true) delete world.members[member.userid]
  if (deleted === true || member.status === 5) endServicing(world, member.userid)
  else if (servicer === true) beginServicing(world, member.userid)
  return member
}

function beginServicing(world: World, userid: string): void {
  const account = world.kfAccounts[sandboxCredentials.openKfId]
  const known = account?.servicers.some((one) => one.userid === userid) ?? true
  if (!known) account?.servicers.push({ userid, status: 0 })
}

/** Who leaves the company is no servicer of any kf account any more. His follow entries wait to be handed on. */
function endServicing(world: World, userid: string): void {
  for (const account of Object.values(world.kfAccounts))
    account.servicers = account.servicers.filter((one) => one.userid !== userid)
}

export function membersControl({ get, post }: ControlRouter, desk: Desk): void {
  const { stage } = desk
  const { world } = stage
  const follow = (userid: string, wanted: Who) =>
    getFollow(world, userid, personOf(world, wanted).externalUserid)
  get('/members', () => Object.values(world.members))
  post('/members', ({ body }) => putMember(world, body))
  get(
    '/members/:userid/inbox',
    ({ params }) =>
      world.memberInbox[memberForControl(world, param(params, 'userid')).userid] ?? [],
  )
  get('/members/:userid/customers', ({ params }) =>
    customersOf(world, memberForControl(world, param(params, 'userid')).userid),
  )
  post('/members/:userid/add', ({ params, body }) => add(desk, param(params, 'userid'), body))
  post('/members/:userid/remove', ({ params, body }) => {
    removeContact(stage, follow(param(params, 'userid'), readWho(body, 'body')), 'member')
  })
  post('/members/:userid/remark', ({ params, body }) => {
    const wanted = readRemark(body, 'body')
    const found = follow(param(params, 'userid'), wanted)
    return editContact(stage, found, { mobiles: wanted.mobiles ?? found.laterMobiles })
  })
  post('/members/:userid/edit', ({ params, body }) => {
    const { phone, externalUserid, personId, ...changes } = readEdit(body, 'body')
    const given = Object.entries(changes).filter(([, value]) => value !== undefined)
    return editContact(
      stage,
      follow(param(params, 'userid'), { phone, externalUserid, personId }),
      Object.fromEntries(given),
    )
  })
  post('/members/:userid/transfer', ({ params, body }) => {
    const wanted = readTransfer(body, 'body')
    const person = personOf(world, wanted)
    const to = workingMember(world, wanted.to).userid
    transferContact(stage, follow(param(params, 'userid'), wanted), {
      person,
      to,
      refused: wanted.refused ?? false,
    })
  })
}
