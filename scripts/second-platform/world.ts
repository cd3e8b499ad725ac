import type { Moods } from './moods.ts'

/** Own values, of the shapes that facts 1 and 2 give; one pair for all WeCom callbacks, one app for all of WeCom. */
export const secondCredentials = {
  corpId: 'ww7c1e90b2d4f8a635',
  agentId: '1000077',
  appSecret: 'Jq3-second-platform_app-secret-0000000000000',
  callbackToken: 'Qw7ErTy2',
  callbackAesKey: 'Zk3vB8nM1qW5eR7tY9uI2oP4aS6dF8gH0jK2lZ4xC6v',
  openKfId: 'wkQx_2ndAAAh7Zc-9sLmVbNq31tYpWdR',
  miniAppId: 'wx91c2d7e0ab34f568',
  miniAppSecret: 'a91c0ffee0000000000000000000beef',
  miniId: 'gh_04e8a1c96d2f',
  pushToken: 'mini2ndPush',
  pushAesKey: 'pQ7rS9tU1vW3xY5zA2bC4dE6fG8hI0jK1lM3nO5pQ7o',
  officialId: 'gh_b7d20c3e91fa',
  officialAppId: 'wxe3f07a6b5c4d2190',
  officialAppSecret: '00decade00000000000000000000f00d',
  officialToken: 'officialSecondToken',
  officialAesKey: 'mN4bV6cX8zL0kJ2hG4fD6sA8pO1iU3yT5rE7wQ9aZ1E',
}

export type Seen = { text: string; items: { id?: string; page?: string; text: string }[] }
export type Person = {
  name: string
  phone: string
  openid: string
  officialOpenid: string
  externalUserid: string
  /** undefined: the company has bound no developer account that would tell. */
  unionid: string | undefined
  isFollower: boolean
  /** What the person can read: the kf chat with its menus, the members' greetings, the official account, the notices of the mini-program. */
  chat: Seen[]
  greetings: Seen[]
  official: string[]
  notices: { lines: string[]; page: string }[]
}
export type Follow = {
  userid: string
  person: Person
  since: number
  addWay: number
  operUserid: string
  mobiles: (string | number)[] | undefined
  /** Facts 11: at times a contact is announced a moment before it can be read. */
  visibleAt: number
}
export type Member = { userid: string; name: string; notes: string[] }

/** Who is there, and who follows whom. */
export function createWorld(moods: Moods) {
  const people: Person[] = []
  const members: Member[] = [
    { userid: 'ChenJie', name: '陈洁', notes: [] },
    { userid: 'wu.gang_2', name: '吴刚', notes: [] },
  ]
  const world = { people, members, follows: [] as Follow[], findPerson, findMember, arrive }
  return world

  function arrive({
    phone,
    unionid,
    name,
  }: {
    phone: string
    unionid: boolean
    name: string
  }): Person {
    const person: Person = {
      name,
      phone,
      isFollower: false,
      chat: [],
      greetings: [],
      official: [],
      notices: [],
      openid: `o${moods.letters(13)}-${moods.letters(13)}`,
      officialOpenid: `o${moods.letters(10)}_${moods.letters(16)}`,
      externalUserid: `${moods.pick('wm', 'wo')}${moods.letters(14)}-_${moods.letters(14)}`,
      unionid: unionid ? `o${moods.letters(27)}` : undefined,
    }
    people.push(person)
    return person
  }

  function findPerson(externalUserid: unknown): Person | undefined {
    return people.find((one) => one.externalUserid === externalUserid)
  }

  /** Facts 11: a userid is one without regard to case. */
  function findMember(userid: string): Member | undefined {
    return members.find((one) => one.userid.toLowerCase() === userid.toLowerCase())
  }
}
export type World = ReturnType<typeof createWorld>
