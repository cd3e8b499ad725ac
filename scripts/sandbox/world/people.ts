import { refusal } from '../base/errcodes.ts'
import { ControlError } from '../base/refusal.ts'
import type { Stage } from './stage.ts'
import type { Member, Person, World } from './types.ts'

type NewPerson = { name: string; phone: string; unionid: boolean; type: 1 | 2 }

export function addPerson(stage: Stage, wanted: NewPerson): Person {
  mustBeFree(stage.world, wanted.phone)
  const person: Person = {
    personId: `p_${stage.makeId(12)}`,
    name: wanted.name,
    phone: wanted.phone,
    type: wanted.type,
    openid: `oM${stage.makeId(26)}`,
    officialOpenid: `oG${stage.makeId(26)}`,
    // unionid belongs to WeChat: a WeCom user of another company has none
    unionid: wanted.unionid && wanted.type === 1 ? `oU${stage.makeId(26)}` : null,
    // one id for kf and contacts (platform-facts 2.6); wm for WeChat users, wo for WeCom users
    externalUserid: `${wanted.type === 1 ? 'wm' : 'wo'}${stage.makeId(30)}`,
  }
  stage.world.people[person.personId] = person
  return person
}

function mustBeFree(world: World, phone: string, taker?: Person): void {
  const holder = Object.values(world.people).find((person) => person.phone === phone)
  if (holder !== undefined && holder !== taker)
    throw new ControlError(409, `phone ${phone} already belongs to a person`)
}

/** His WeChat stays what it is and what members noted stays; WeChat finds an account by the number bound to it now. */
export function changePhone(world: World, person: Person, phone: string | null): Person {
  if (phone !== null) mustBeFree(world, phone, person)
  person.phone = phone
  return person
}

export function personById(world: World, personId: string): Person {
  const person = Object.hasOwn(world.people, personId) ? world.people[personId] : undefined
  if (person === undefined) throw new ControlError(404, `no person ${personId}`)
  return person
}

function personByPhone(world: World, phone: string): Person {
  const person = Object.values(world.people).find((one) => one.phone === phone)
  if (person === undefined) throw new ControlError(404, `the phone ${phone} belongs to no person`)
  return person
}

export function findExternal(world: World, externalUserid: string): Person | undefined {
  return Object.values(world.people).find((one) => one.externalUserid === externalUserid)
}

export type Who = {
  phone?: string | undefined
  personId?: string | undefined
  externalUserid?: string | undefined
}

/** Exactly one says who is meant: two that disagree would move somebody nobody looks at. */
export function personOf(world: World, { phone, personId, externalUserid }: Who): Person {
  const given = [phone, personId, externalUserid].filter((one) => one !== undefined)
  if (given.length !== 1)
    throw new ControlError(
      400,
      'name the person by phone, personId or externalUserid, and by one of them only',
    )
  if (phone !== undefined) return personByPhone(world, phone)
  if (personId !== undefined) return personById(world, personId)
  const person = findExternal(world, externalUserid ?? '')
  if (person === undefined) throw new ControlError(404, `no person ${String(externalUserid)}`)
  return person
}

/** For API calls: an id that no app of this company ever saw is 40096 (W:90313). */
export function getExternal(world: World, externalUserid: string): Person {
  const person = findExternal(world, externalUserid)
  if (person === undefined) throw refusal(40096)
  return person
}

const LEFT = 5
const ACTIVE = 1

/** Whoever the address book still tells of, those who left included. */
export function findInAddressBook(world: World, userid: string): Member | undefined {
  if (Object.hasOwn(world.members, userid)) return world.members[userid]
  return Object.values(world.members).find((member) => isSameMember(member.userid, userid))
}

/** Uniqueness of a userid is checked without regard to case (facts 11): two spellings are one member. */
export const isSameMember = (one: string, other: string): boolean =>
  one.toLowerCase() === other.toLowerCase()

/** A userid as callbacks and sign-in spell it. */
export function spelled(world: World, userid: string): string {
  if (!world.settings.otherUseridCase) return userid
  return userid.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
}

/** A member of the company today: one who left has no customers, no messages and no sign-in any more. */
export function findMember(world: World, userid: string): Member | undefined {
  const member = findInAddressBook(world, userid)
  return member?.status === LEFT ? undefined : member
}

/** A member whom this app may see. */
export function findVisible(world: World, userid: string): Member | undefined {
  const member = findMember(world, userid)
  return member?.hidden === true ? undefined : member
}

/** May have customers, and this app may see him. */
export const isFollowUser = (member: Member): boolean =>
  member.followUser && member.hidden !== true && member.status !== LEFT

/** Can open pages of the app in his client: an account that is disabled or was never activated has no client. */
export const canOpenApp = (member: Member): boolean =>
  (member.status ?? ACTIVE) === ACTIVE && member.hidden !== true

export function getMember(world: World, userid: string): Member {
  const member = findMember(world, userid)
  if (member === undefined) throw refusal(60111)
  return member
}

export function memberForControl(world: World, userid: string): Member {
  const member = findInAddressBook(world, userid)
  if (member === undefined) throw new ControlError(404, `no member ${userid}`)
  return member
}

/** For what a member does in his client, or is given. */
export function workingMember(world: World, userid: string): Member {
  const member = memberForControl(world, userid)
  if ((member.status ?? ACTIVE) !== ACTIVE)
    throw new ControlError(409, `${userid} has left, is disabled or not activated`)
  return member
}
