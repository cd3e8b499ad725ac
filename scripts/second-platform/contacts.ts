import { list, RefusedError, word, type Body, type Desk } from './desk.ts'
import type { Greetings } from './greetings.ts'
import { nothing, type Moods } from './moods.ts'
import type { Follow, Member, Person, World } from './world.ts'

/** Fewer than the limit: `next_cursor` alone says whether there is more. */
const PAGE = 2

type Deps = { moods: Moods; world: World; greetings: Greetings }
type Contacts = Deps & { cursors: Map<string, number> }

/** 客户联系 (facts 3). */
export function createContactsDesk(deps: Deps): Desk {
  const contacts: Contacts = { ...deps, cursors: new Map() }
  const { moods, world } = deps
  return {
    'GET /cgi-bin/externalcontact/get': ({ query }) => get(contacts, query.get('external_userid')),
    'GET /cgi-bin/externalcontact/list': ({ query }) => {
      const found = followsOf(world, getMember(world, query.get('userid') ?? ''))
      if (found.length === 0) throw new RefusedError(84061)
      return { external_userid: moods.shuffled(found.map((one) => one.person.externalUserid)) }
    },
    'GET /cgi-bin/externalcontact/get_follow_user_list': () => {
      return { follow_user: moods.shuffled(world.members.map((one) => one.userid)) }
    },
    'POST /cgi-bin/externalcontact/batch/get_by_user': ({ body }) => readPage(contacts, body),
    'POST /cgi-bin/externalcontact/remark': ({ body }) => remark(world, body),
    'POST /cgi-bin/externalcontact/send_welcome_msg': ({ body }) => deps.greetings.greet(body),
  }
}

function get({ moods, world }: Contacts, externalUserid: string | null): object {
  const follows = world.follows.filter(
    (one) => one.person.externalUserid === externalUserid && isShown(one),
  )
  const person = follows[0]?.person
  if (person === undefined) throw new RefusedError(moods.pick(84061, 40096))
  const followers = moods
    .shuffled(follows)
    .map((one) => ({ ...describeFollow(moods, one), tags: [] }))
  return {
    external_contact: describePerson(moods, person),
    follow_user: followers,
    ...nothing(moods, 'next_cursor', ''),
  }
}

function readPage({ moods, world, cursors }: Contacts, body: Body): object {
  const found = list(body, 'userid_list').flatMap((userid) =>
    followsOf(world, getMember(world, String(userid))),
  )
  const cursor = word(body, 'cursor')
  const start = cursor === '' ? 0 : cursors.get(cursor)
  if (start === undefined) throw new RefusedError(40058)
  if (found.length === 0) throw new RefusedError(84061)
  const end = start + PAGE
  const entries = found.slice(start, end).map((one) => ({
    follow_info: { ...describeFollow(moods, one), tag_id: [] },
    external_contact: describePerson(moods, one.person),
  }))
  if (end >= found.length)
    return { external_contact_list: entries, ...nothing(moods, 'next_cursor', '') }
  const next = moods.letters(33)
  cursors.set(next, end)
  return { external_contact_list: entries, next_cursor: next }
}

/** Facts 3.5: an empty list changes nothing, a list of an empty text clears. */
function remark(world: World, body: Body): object {
  const member = getMember(world, word(body, 'userid'))
  const follow = followsOf(world, member).find(
    (one) => one.person.externalUserid === word(body, 'external_userid'),
  )
  if (follow === undefined) throw new RefusedError(84061)
  const mobiles = list(body, 'remark_mobiles').filter(
    (one): one is string => typeof one === 'string',
  )
  if (mobiles.length > 0) follow.mobiles = mobiles.filter((one) => one !== '')
  return {}
}

function getMember(world: World, userid: string): Member {
  const member = world.findMember(userid)
  if (member === undefined) throw new RefusedError(60111)
  return member
}

const isShown = (follow: Follow): boolean => follow.visibleAt <= Date.now()

function followsOf(world: World, { userid }: Member): Follow[] {
  return world.follows.filter((one) => one.userid === userid && isShown(one))
}

function describePerson(moods: Moods, person: Person): object {
  const unionid =
    person.unionid === undefined ? nothing(moods, 'unionid', '') : { unionid: person.unionid }
  const ids = { external_userid: person.externalUserid, name: person.name, type: 1 }
  return { ...ids, gender: 0, ...unionid, ...nothing(moods, 'corp_name', '') }
}

/** Facts 11: spellings of a userid that differ in case are one member. */
function describeFollow(moods: Moods, follow: Follow): object {
  return {
    userid: moods.temper.rare
      ? moods.pick(follow.userid, follow.userid.toLowerCase())
      : follow.userid,
    createtime: follow.since,
    add_way: follow.addWay,
    oper_userid: follow.operUserid,
    ...(follow.mobiles === undefined
      ? nothing(moods, 'remark_mobiles', [])
      : { remark_mobiles: follow.mobiles }),
    ...nothing(moods, 'state', ''),
    ...nothing(moods, 'wechat_channels', {}),
  }
}
