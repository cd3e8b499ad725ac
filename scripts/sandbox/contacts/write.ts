import { fail, list, optional, record, text, TOO_LONG } from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import { requireMedia } from '../apps/media.ts'
import { getExternal, getMember } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import { findFollow } from './follows.ts'

const chars = (maxChars: number) => optional(text({ min: 0, maxChars, tooLong: TOO_LONG }))
const MAX_MOBILES = 20

const readRemark = record({
  userid: text({ maxBytes: 64 }),
  external_userid: text({ maxBytes: 64 }),
  remark: chars(20),
  description: chars(150),
  remark_company: chars(20),
  remark_mobiles: optional(list(text({ min: 0, maxBytes: 32 }), { max: MAX_MOBILES })),
  remark_pic_mediaid: optional(text({ min: 0 })),
})

/**
 * POST externalcontact/remark (W:96317): overwrites, and rings no bell because the API did it. An empty array leaves
 * the phones alone; only [""] clears them (WxJava #3236).
 */
export function remarkContact(stage: Stage, body: unknown): Record<string, unknown> {
  const wanted = readRemark(body, 'body')
  const member = getMember(stage.world, wanted.userid)
  const person = getExternal(stage.world, wanted.external_userid)
  const follow = findFollow(stage.world, member.userid, person.externalUserid)
  if (follow === undefined || follow.half) throw refusal(84061)
  const {
    remark,
    description,
    remark_company: company,
    remark_mobiles: mobiles,
    remark_pic_mediaid: picture,
  } = wanted
  const given = [remark, description, company, picture].some((field) => field !== undefined)
  if (!given && (mobiles === undefined || mobiles.length === 0)) fail('body', 'changes nothing')
  if (company !== undefined && person.type !== 1) fail('remark_company', 'is for WeChat users only')
  if (picture !== undefined && picture !== '') requireMedia(stage, picture, 'image')
  if (remark !== undefined) follow.remark = remark
  if (description !== undefined) follow.description = description
  if (company !== undefined) follow.remarkCompany = company
  if (mobiles !== undefined && mobiles.length > 0)
    follow.remarkMobiles = mobiles.filter((mobile) => mobile !== '')
  return {}
}
