import { flag, optional, record, text } from '../base/check.ts'
import { ControlError } from '../base/refusal.ts'
import { followsOf, getFollow, removeContact } from '../contacts/follows.ts'
import { officialControl } from '../official/control.ts'
import { issueLoginCode } from '../weixin/login.ts'
import { issuePhoneCode } from '../weixin/phone.ts'
import { addPerson, changePhone, memberForControl, personById } from '../world/people.ts'
import type { Person } from '../world/types.ts'
import { type ControlRouter, type Desk, param } from '../http/control.ts'

const mobile = text({ pattern: /^1[3-9]\d{9}$/ })
const readNew = record({
  name: text(),
  phone: mobile,
  unionid: optional(flag),
  /** true: a WeCom user of another company (contact type 2) */
  wecomUser: optional(flag),
})
const readPhoneCode = record({ countryCode: optional(text()) })
const readPhoneChange = record({ phone: optional(mobile) })
const readRemove = record({ userid: optional(text()) })

const shown = ({
  personId,
  name,
  phone,
  openid,
  officialOpenid,
  unionid,
  externalUserid,
}: Person) => ({
  personId,
  name,
  phone,
  openid,
  officialOpenid,
  unionid,
  externalUserid,
})

export function peopleControl(router: ControlRouter, desk: Desk): void {
  const { get, post } = router
  const { stage } = desk
  const { world } = stage
  get('/people', () => Object.values(world.people).map(shown))
  post('/people', ({ body }) => {
    const { name, phone, unionid, wecomUser } = readNew(body, 'body')
    return shown(
      addPerson(stage, { name, phone, unionid: unionid ?? true, type: wecomUser === true ? 2 : 1 }),
    )
  })
  get('/people/:personId', ({ params }) => {
    const person = personById(world, param(params, 'personId'))
    return { ...shown(person), follows: followsOf(world, person.externalUserid) }
  })
  post('/people/:personId/login-code', ({ params }) => ({
    code: issueLoginCode(stage, personById(world, param(params, 'personId')).personId),
  }))
  post('/people/:personId/phone-code', ({ params, body }) => ({
    code: issuePhoneCode(
      stage,
      personById(world, param(params, 'personId')),
      readPhoneCode(body, 'body').countryCode,
    ),
  }))
  post('/people/:personId/phone-change', ({ params, body }) => {
    const person = personById(world, param(params, 'personId'))
    return shown(changePhone(world, person, readPhoneChange(body, 'body').phone ?? null))
  })
  get(
    '/people/:personId/inbox',
    ({ params }) => world.personInbox[personById(world, param(params, 'personId')).personId] ?? [],
  )
  post('/people/:personId/remove-member', ({ params, body }) => {
    const person = personById(world, param(params, 'personId'))
    const userid = readRemove(body, 'body').userid ?? onlyFollower(world, person)
    const member = memberForControl(world, userid)
    removeContact(stage, getFollow(world, member.userid, person.externalUserid), 'customer')
  })
  officialControl(router, desk)
}

/** Without userid the call is clear only for a person with one member. */
function onlyFollower(world: Desk['stage']['world'], person: Person): string {
  const follows = followsOf(world, person.externalUserid)
  const first = follows[0]
  if (first === undefined) throw new ControlError(404, 'no member follows this person')
  if (follows.length > 1)
    throw new ControlError(400, 'several members follow this person: say which userid')
  return first.userid
}
