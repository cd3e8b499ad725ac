import * as v from 'valibot'
import { normalisePhone } from '../phone.ts'
import { Flag, InstantIn, InstantOut } from './envelope.ts'
import { OrderField } from './settings.ts'
import { Why } from './why.ts'

const text = (max: number) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty('不能为空'), v.maxLength(max, `最多 ${max} 个字`))
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

const StageIn = v.strictObject({
  name: text(60),
  status: StageStatus,
  plannedAt: v.optional(v.nullable(InstantIn)),
  doneAt: v.optional(v.nullable(InstantIn)),
  note: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(500)))),
})
const EquipmentIn = v.strictObject({
  name: text(100),
  model: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100)))),
  serialNo: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100)))),
  installedAt: v.optional(v.nullable(InstantIn)),
  warrantyUntil: v.optional(v.nullable(InstantIn)),
})

const Stages = v.pipe(
  v.array(StageIn),
  v.maxLength(50),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const names = dataset.value.map(({ name }) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) addIssue({ message: `阶段名称不能重复：${twice}` })
  }),
)
const ViewerIn = v.strictObject({
  phone: PhoneIn,
  role: v.optional(
    v.pipe(
      text(30),
      v.check((role) => role !== 'owner', '不能为 owner，业主请写在 customerPhone'),
    ),
  ),
  name: v.optional(v.nullable(text(60))),
})

/** A field left out stays as it is, null or `[]` empties it; a list given replaces the list, `order` the whole order. */
export const ProjectBody = v.strictObject({
  title: text(100),
  customerPhone: PhoneIn,
  customerName: v.optional(v.nullable(text(60))),
  status: v.optional(v.nullable(text(40))),
  designerUserid: v.optional(v.nullable(userid)),
  projectManagerUserid: v.optional(v.nullable(userid)),
  address: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(200)))),
  stages: v.optional(Stages),
  equipment: v.optional(v.pipe(v.array(EquipmentIn), v.maxLength(200))),
  order: v.optional(
    v.looseObject({
      amount: v.optional(v.nullable(v.union([v.number(), v.pipe(v.string(), v.maxLength(40))]))),
      signedAt: v.optional(v.nullable(InstantIn)),
    }),
  ),
  viewers: v.optional(v.pipe(v.array(ViewerIn), v.maxLength(20))),
})
export type ProjectBody = v.InferOutput<typeof ProjectBody>

export const OrderNo = v.pipe(
  v.string(),
  v.regex(/^[\w.-]{1,64}$/, '订单号只能包含字母、数字、点、横线和下划线'),
)

export const ProjectItem = v.object({
  id: v.string(),
  orderNo: v.string(),
  title: v.string(),
  status: v.string(),
  finished: v.boolean(),
  stage: v.optional(v.string()),
  stagesDone: v.number(),
  stagesTotal: v.number(),
  /** When the stage that runs, or the first that has not begun, is planned to be done. */
  nextAt: v.optional(InstantOut),
  updatedAt: InstantOut,
})
export type ProjectItem = v.InferOutput<typeof ProjectItem>

export const ProjectPage = v.object({
  items: v.array(ProjectItem),
  nextCursor: v.optional(v.string()),
  /** Of an empty list: what that means. */
  why: v.optional(Why),
})

export const ProjectDetail = v.object({
  ...ProjectItem.entries,
  address: v.optional(v.string()),
  stages: v.array(
    v.object({
      name: v.string(),
      status: StageStatus,
      plannedAt: v.optional(InstantOut),
      doneAt: v.optional(InstantOut),
      note: v.optional(v.string()),
    }),
  ),
  equipment: v.array(
    v.object({
      name: v.string(),
      model: v.optional(v.string()),
      serialNo: v.optional(v.string()),
      installedAt: v.optional(InstantOut),
      warrantyUntil: v.optional(InstantOut),
    }),
  ),
  /** The fields that the company shows to customers, as stored; `orderFields` says how to show those that are there. */
  order: v.record(v.string(), v.union([v.string(), v.number()])),
  orderFields: v.array(OrderField),
  designerUserid: v.optional(v.string()),
  designerName: v.optional(v.string()),
  projectManagerUserid: v.optional(v.string()),
  projectManagerName: v.optional(v.string()),
})
export type ProjectDetail = v.InferOutput<typeof ProjectDetail>

export const PageQuery = v.object({
  cursor: v.optional(v.pipe(v.string(), v.maxLength(200))),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,3}$/, 'limit 须为 1 到 100 的整数'),
      v.transform(Number),
      v.minValue(1, 'limit 须为 1 到 100 的整数'),
      v.maxValue(100, 'limit 须为 1 到 100 的整数'),
    ),
  ),
})

/** `dryRun`: says what would happen, and leaves everything as it is. */
export const LoadQuery = v.strictObject({ dryRun: v.optional(Flag) })

/** What was there and what is instead, null for nothing; phones are masked. */
const Change = v.object({ field: v.string(), before: v.unknown(), after: v.unknown() })
export type Change = v.InferOutput<typeof Change>

export const SavedProject = v.object({
  /** Absent where a dry run would have made it. */
  id: v.optional(v.string()),
  orderNo: v.string(),
  created: v.boolean(),
  changed: v.boolean(),
  /** Of the owner: nobody has proven his number, it is not clear that it is his, or it is. */
  state: v.picklist(['waiting', 'attached', 'held']),
  /** A person has hidden it: loads go on, and no customer sees it until a person shows it again. */
  hidden: v.boolean(),
  changes: v.array(Change),
  /** What was there before this load and is not any more, by name. */
  removed: v.array(v.string()),
  /** What this load said and could not set, by name. */
  conflicts: v.array(v.string()),
})
