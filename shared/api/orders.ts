import * as v from 'valibot'
import { Flag, InstantOut } from './envelope.ts'
import { Reason } from './remedies.ts'
import { OrderNo, PageQuery, ProjectDetail, ProjectItem } from './projects.ts'

/** Whose an order is, number by number; phones are masked. */
const Party = v.object({
  role: v.string(),
  phoneMasked: v.string(),
  name: v.optional(v.string()),
  /** waiting: nobody has proven the number; held: not clear whose it is; attached: it is this customer's. */
  state: v.picklist(['waiting', 'held', 'attached']),
  shown: v.boolean(),
  customerId: v.optional(v.number()),
})

export const OrderItem = v.object({
  ...ProjectItem.entries,
  createdAt: InstantOut,
  /** A person has hidden it: no customer sees it, whosever it is. */
  hidden: v.boolean(),
  hiddenReason: v.optional(v.string()),
  parties: v.array(Party),
})
export type OrderItem = v.InferOutput<typeof OrderItem>
export const OrderPage = v.object({
  items: v.array(OrderItem),
  nextCursor: v.optional(v.string()),
})

/** As it was loaded: also what no customer sees. */
export const Order = v.object({
  ...OrderItem.entries,
  address: v.optional(v.string()),
  designerUserid: v.optional(v.string()),
  projectManagerUserid: v.optional(v.string()),
  stages: ProjectDetail.entries.stages,
  equipment: ProjectDetail.entries.equipment,
  order: v.record(v.string(), v.unknown()),
})
export type Order = v.InferOutput<typeof Order>

/** `q`: the beginning of an order number or of a title, or the phone of a party. */
export const OrderQuery = v.strictObject({
  ...PageQuery.entries,
  q: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(100, '最多 100 个字'))),
  hidden: v.optional(Flag),
})
export const OrderPath = v.object({ orderNo: OrderNo })

export const HideBody = v.strictObject({ reason: Reason })
/** `changed`: it was not so already. */
export const HiddenOrder = v.object({
  orderNo: v.string(),
  hidden: v.boolean(),
  changed: v.boolean(),
})
