import * as v from 'valibot'
import { normalisePhone } from '../phone.ts'
import { InstantIn, InstantOut } from './envelope.ts'

const text = (max: number) => v.pipe(v.string(), v.trim(), v.nonEmpty('不能为空'), v.maxLength(max, `最多 ${max} 个字`))
const userid = v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/, '企业微信成员帐号格式不正确'))

/** A phone as people write it; becomes 11 digits (D8). */
export const PhoneIn = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const phone = normalisePhone(dataset.value)
    if (phone !== null) return phone
    addIssue({ message: '手机号格式不正确，请填写 11 位大陆手机号' })
    return NEVER
  }),
)

export const StageStatus = v.picklist(['pending', 'active', 'done'])
export type StageStatus = v.InferOutput<typeof StageStatus>

const StageIn = v.object({
  name: text(60),
  status: StageStatus,
  plannedAt: v.optional(v.nullable(InstantIn)),
  doneAt: v.optional(v.nullable(InstantIn)),
  note: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(500)))),
})
const EquipmentIn = v.object({
  name: text(100),
  model: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100)))),
  serialNo: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100)))),
  installedAt: v.optional(v.nullable(InstantIn)),
  warrantyUntil: v.optional(v.nullable(InstantIn)),
})

export const ProjectBody = v.object({
  title: text(100),
  customerPhone: PhoneIn,
  customerName: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(60)))),
  status: v.optional(text(40)),
  designerUserid: v.optional(v.nullable(userid)),
  projectManagerUserid: v.optional(v.nullable(userid)),
  address: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(200)))),
  stages: v.optional(v.pipe(v.array(StageIn), v.maxLength(50))),
  equipment: v.optional(v.pipe(v.array(EquipmentIn), v.maxLength(200))),
  order: v.optional(v.looseObject({
    amount: v.optional(v.nullable(v.union([v.number(), v.pipe(v.string(), v.maxLength(40))]))),
    signedAt: v.optional(v.nullable(InstantIn)),
  })),
  viewers: v.optional(v.pipe(v.array(v.object({ phone: PhoneIn, role: v.optional(text(30)), name: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(60)))) })), v.maxLength(20))),
})
export type ProjectBody = v.InferOutput<typeof ProjectBody>

export const OrderNo = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, '订单号只能包含字母、数字、点、横线和下划线'))

export const ProjectItem = v.object({
  id: v.string(),
  orderNo: v.string(),
  title: v.string(),
  status: v.string(),
  finished: v.boolean(),
  stage: v.optional(v.string()),
  stagesDone: v.number(),
  stagesTotal: v.number(),
  updatedAt: InstantOut,
})
export type ProjectItem = v.InferOutput<typeof ProjectItem>

export const ProjectPage = v.object({ items: v.array(ProjectItem), nextCursor: v.optional(v.string()) })

export const ProjectDetail = v.object({
  ...ProjectItem.entries,
  address: v.optional(v.string()),
  stages: v.array(v.object({
    name: v.string(), status: StageStatus,
    plannedAt: v.optional(InstantOut), doneAt: v.optional(InstantOut), note: v.optional(v.string()),
  })),
  equipment: v.array(v.object({
    name: v.string(), model: v.optional(v.string()), serialNo: v.optional(v.string()),
    installedAt: v.optional(InstantOut), warrantyUntil: v.optional(InstantOut),
  })),
  order: v.record(v.string(), v.unknown()),
  designerUserid: v.optional(v.string()),
  projectManagerUserid: v.optional(v.string()),
})
export type ProjectDetail = v.InferOutput<typeof ProjectDetail>

export const PageQuery = v.object({
  cursor: v.optional(v.pipe(v.string(), v.maxLength(200))),
  limit: v.optional(v.pipe(v.string(), v.regex(/^\d{1,3}$/, 'limit 须为 1 到 100 的整数'), v.transform(Number), v.minValue(1, 'limit 须为 1 到 100 的整数'), v.maxValue(100, 'limit 须为 1 到 100 的整数'))),
})

export const SavedProject = v.object({ id: v.string(), orderNo: v.string(), created: v.boolean(), changed: v.boolean() })
