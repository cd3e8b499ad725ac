import type { Courier } from './courier.ts'
import type { Greetings } from './greetings.ts'
import type { Moods } from './moods.ts'
import type { Person, World } from './world.ts'

type HowAdded = {
  addWay?: number
  /** Facts 3.1: events can be lost. */
  isLost?: boolean
  /** Facts 11: a contact can be announced a moment before it can be read. */
  shownAfterMs?: number
}
type Deps = { moods: Moods; world: World; courier: Courier; greetings: Greetings }

/** What members do in the WeCom client, and their customers to them. */
export function createOffice({ moods, world, courier, greetings }: Deps) {
  return { add, drop }

  /** `addWay` 2 is the search by phone, whose number the client notes (facts 3.4). */
  function add(userid: string, person: Person, how: HowAdded = {}): void {
    const {
      addWay = 2,
      isLost = false,
      shownAfterMs = !isLost && moods.chance(0.3) ? 250 : 0,
    } = how
    const mobiles = addWay === 2 ? [spell(person.phone)] : undefined
    const since = Math.floor(Date.now() / 1000)
    world.follows.push({
      userid,
      person,
      since,
      addWay,
      operUserid: userid,
      mobiles,
      visibleAt: Date.now() + shownAfterMs,
    })
    if (!isLost)
      announce('add_external_contact', {
        userid,
        person,
        WelcomeCode: greetings.createCode(person),
      })
  }

  /** As typed by hand; facts 11 has seen numbers too. */
  function spell(mobile: string): string | number {
    const dashed = `${mobile.slice(0, 3)}-${mobile.slice(3, 7)}-${mobile.slice(7)}`
    return moods.temper.rare
      ? Number(mobile)
      : moods.pick(mobile, `+86 ${mobile}`, dashed, ` ${mobile} `)
  }

  /** The member deletes the customer, or the customer the member. */
  function drop(
    userid: string,
    person: Person,
    by: 'member' | 'customer' | 'nobody tells' = 'member',
  ): void {
    world.follows = world.follows.filter((one) => one.userid !== userid || one.person !== person)
    if (by !== 'nobody tells')
      announce(by === 'member' ? 'del_external_contact' : 'del_follow_user', { userid, person })
  }

  function announce(
    changeType: string,
    about: { userid: string; person: Person; WelcomeCode?: string },
  ): void {
    const { userid, person, ...more } = about
    courier.ring({
      FromUserName: 'sys',
      Event: 'change_external_contact',
      ChangeType: changeType,
      ExternalUserID: person.externalUserid,
      UserID: moods.temper.rare ? userid.toUpperCase() : userid,
      State: moods.pick(undefined, ''),
      ...more,
    })
  }
}
