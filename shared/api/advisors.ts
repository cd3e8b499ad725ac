import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { MediaId } from './media.ts'
import { PageQuery } from './projects.ts'
import { Reason } from './remedies.ts'

const text = (max: number) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty('不能为空'), v.maxLength(max, `最多 ${max} 个字`))
const many = <Item extends v.GenericSchema>(item: Item, most: number) =>
  v.pipe(v.array(item), v.maxLength(most, `最多 ${most} 项`))

export const AdvisorId = v.pipe(
  v.string(),
  v.regex(/^[\w-]{1,64}$/, '顾问编号只能用字母、数字、下划线和连字符，最多 64 位'),
)
export const AdvisorPath = v.object({ advisorId: AdvisorId })
/** The cursor is the id of the last advisor of the page before. */
export const AdvisorsQuery = v.object({ ...PageQuery.entries, cursor: v.optional(AdvisorId) })
export const AdvisorsOfOfficeQuery = v.strictObject(AdvisorsQuery.entries)

const SectionIn = v.strictObject({
  heading: text(40),
  text: v.pipe(v.string(), v.trim(), v.maxLength(2_000, '最多 2000 个字')),
  pictures: v.optional(many(MediaId, 9)),
})

/** A field left out stays, null or `[]` empties it; a list given replaces the list. */
export const AdvisorBody = v.strictObject({
  name: text(30),
  memberUserid: v.optional(
    v.nullable(v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/, '企业微信成员帐号格式不正确'))),
  ),
  title: v.optional(v.nullable(text(40))),
  photo: v.optional(v.nullable(MediaId)),
  summary: v.optional(v.nullable(text(300))),
  resume: v.optional(many(SectionIn, 20)),
  services: v.optional(many(text(30), 20)),
  active: v.optional(v.boolean()),
})
export type AdvisorBody = v.InferOutput<typeof AdvisorBody>

/** As the office sees him; pictures by their ids. */
export const AdvisorOfOffice = v.object({
  advisorId: v.string(),
  name: v.string(),
  memberUserid: v.nullable(v.string()),
  title: v.nullable(v.string()),
  photo: v.nullable(v.string()),
  summary: v.nullable(v.string()),
  resume: v.array(
    v.object({ heading: v.string(), text: v.string(), pictures: v.array(v.string()) }),
  ),
  services: v.array(v.string()),
  active: v.boolean(),
  /** When he tied his own account; null: he has not opened an invitation yet. */
  joinedAt: v.nullable(InstantOut),
  updatedAt: InstantOut,
})
export type AdvisorOfOffice = v.InferOutput<typeof AdvisorOfOffice>
export const AdvisorsOfOffice = v.object({
  items: v.array(AdvisorOfOffice),
  nextCursor: v.optional(v.string()),
})

export const Invitation = v.object({
  invite: v.string(),
  miniprogramPath: v.string(),
  expiresAt: InstantOut,
})
/** Whatever it is, it is taken for an invitation: one that is none is answered like one that is over. */
export const JoinBody = v.strictObject({
  invite: v.pipe(v.string(), v.nonEmpty('缺少邀请'), v.maxLength(200, '邀请不正确')),
})
/** Whom it makes of who takes it. */
export const JoinLook = v.object({ name: v.string() })
/** He has lost his phone or his WeChat. */
export const AccountTakenBody = v.strictObject({ reason: Reason })

const Picture = v.object({ thumb: v.string(), full: v.string() })

/** As customers see him in a list; addresses of pictures are below the API's own and end in a quarter of an hour. */
export const AdvisorCard = v.object({
  advisorId: v.string(),
  name: v.string(),
  title: v.nullable(v.string()),
  summary: v.nullable(v.string()),
  photo: v.nullable(Picture),
  services: v.array(v.string()),
})
export type AdvisorCard = v.InferOutput<typeof AdvisorCard>
export const Advisors = v.object({
  items: v.array(AdvisorCard),
  nextCursor: v.optional(v.string()),
})

export const Advisor = v.object({
  ...AdvisorCard.entries,
  resume: v.array(v.object({ heading: v.string(), text: v.string(), pictures: v.array(Picture) })),
  /** The chat with the company's customer service; null where there is none. */
  support: v.nullable(v.object({ kfUrl: v.string(), corpId: v.string() })),
})
export type Advisor = v.InferOutput<typeof Advisor>

/** `remaining`: messages that he can still be sent, by template. */
export const AdvisorMe = v.object({
  advisor: AdvisorCard,
  remaining: v.record(v.string(), v.number()),
})
export type AdvisorMe = v.InferOutput<typeof AdvisorMe>

/** R2.3. What it says of the openid counts for nothing: the session says who it is. */
export const SubscribeBody = v.object({
  advisorId: AdvisorId,
  openid: v.optional(v.string()),
  templateId: v.pipe(v.string(), v.nonEmpty('缺少模板'), v.maxLength(64)),
  subscribed: v.boolean(),
  subscribeData: v.optional(v.looseObject({})),
})
/** R2.4. */
export const Subscribed = v.object({
  _id: v.string(),
  advisorId: v.string(),
  openid: v.string(),
  templateId: v.string(),
  subscribed: v.boolean(),
  subscribeTime: InstantOut,
})

/** What who is no advisor reads at each door of advisors. */
export const NO_ADVISOR = {
  not_one: [403, 'advisor.not_one', '您还不是顾问，请向公司索取邀请'],
} as const
