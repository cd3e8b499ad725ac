import * as v from 'valibot'
import { isDatePattern } from '../order-no.ts'
import { InstantIn, InstantOut } from './envelope.ts'
import { isPage, kindOfField, NOTICES, type NoticeKind } from '../notices.ts'

const text = (max: number) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty('不能为空'), v.maxLength(max, `最多 ${max} 个字`))
const areUnique = (names: readonly string[]): boolean => new Set(names).size === names.length

/** Words of the company's system; which case they are written in makes no difference. */
const Words = v.pipe(v.array(text(40)), v.maxLength(100, '最多 100 个词'))

const OrderFieldKind = v.picklist(
  ['text', 'money', 'date', 'number'],
  '须为 text、money、date 或 number',
)
export const OrderField = v.strictObject({ key: text(60), label: text(20), kind: OrderFieldKind })
export type OrderField = v.InferOutput<typeof OrderField>

const OrderFields = v.pipe(
  v.array(OrderField),
  v.maxLength(30, '最多 30 项'),
  v.check((fields) => areUnique(fields.map(({ key }) => key)), 'key 不能重复'),
  v.check((fields) => areUnique(fields.map(({ label }) => label)), 'label 不能重复'),
)

const FreshDays = v.pipe(
  v.number(),
  v.integer('须为整数'),
  v.minValue(1, '须为 1 到 365 天'),
  v.maxValue(365, '须为 1 到 365 天'),
)
const DatePattern = v.pipe(
  v.string(),
  v.trim(),
  v.check(isDatePattern, '须为含 {yyyy}、{MM}、{dd} 的订单号样式，例如 SO{yyyy}{MM}{dd}-*'),
)

const Fields = v.pipe(
  v.record(v.string(), v.string()),
  v.check((fields) => Object.keys(fields).length > 0, '至少要有一个字段'),
  v.check(
    (fields) => Object.keys(fields).every((key) => kindOfField(key) !== undefined),
    '字段须为模板里的关键词，例如 thing1、time3',
  ),
)

/** A template of the mini-program, and what its fields are filled with. */
const noticeTemplate = (kind: NoticeKind) =>
  v.strictObject({
    templateId: text(64),
    title: v.optional(text(20), NOTICES[kind].title),
    page: v.pipe(
      v.string(),
      v.trim(),
      v.check(isPage, '小程序没有这个页面，例如 pages/project-detail/project-detail'),
    ),
    fields: v.pipe(
      Fields,
      v.check(
        (fields) =>
          Object.values(fields).every((source) =>
            (NOTICES[kind].sources as readonly string[]).includes(source),
          ),
        `内容须为 ${NOTICES[kind].sources.join('、')} 之一`,
      ),
    ),
  })
export type NoticeTemplate = v.InferOutput<ReturnType<typeof noticeTemplate>>

/** Null: there is none. */
const NoticeTemplates = v.strictObject({
  stage: v.optional(v.nullable(noticeTemplate('stage'))),
  newCustomer: v.optional(v.nullable(noticeTemplate('newCustomer'))),
  booking: v.optional(v.nullable(noticeTemplate('booking'))),
  bookingState: v.optional(v.nullable(noticeTemplate('bookingState'))),
})
const QuietHours = v.pipe(
  v.string(),
  v.regex(
    /^(?:off|(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)$/,
    '须为 21:00-08:00 的样式，或 off',
  ),
)

const NoticeTemplateOut = v.nullable(
  v.object({
    templateId: v.string(),
    title: v.string(),
    page: v.string(),
    fields: v.record(v.string(), v.string()),
  }),
)

/** What the company decides by itself. */
export const Settings = v.object({
  /** Which status words of its orders mean that a project runs, and which that it is over; others tell nothing (D21). */
  statusWords: v.object({ running: v.array(v.string()), finished: v.array(v.string()) }),
  /** Which fields of an order customers see, in this order (D25). */
  orderFields: v.array(OrderField),
  /** For how many days after an add a number without a name is believed. */
  freshDays: v.number(),
  /** When the company began to work with this installation; set once. */
  goLiveAt: v.nullable(InstantOut),
  /** How its order numbers carry the day of signing. */
  orderNoDatePattern: v.nullable(v.string()),
  /** By which templates subscribe messages are sent, and what their fields are filled with. */
  noticeTemplates: v.object({
    stage: NoticeTemplateOut,
    newCustomer: NoticeTemplateOut,
    booking: NoticeTemplateOut,
    bookingState: NoticeTemplateOut,
  }),
  /** When no customer is told anything (advisors: STAFF_QUIET_HOURS): 21:00-08:00, or off. */
  noticeQuietHours: v.string(),
})
export type Settings = v.InferOutput<typeof Settings>

/** A field left out stays. */
export const SettingsBody = v.strictObject({
  statusWords: v.optional(
    v.strictObject({ running: v.optional(Words), finished: v.optional(Words) }),
  ),
  orderFields: v.optional(OrderFields),
  freshDays: v.optional(FreshDays),
  goLiveAt: v.optional(v.nullable(InstantIn)),
  orderNoDatePattern: v.optional(v.nullable(DatePattern)),
  noticeTemplates: v.optional(NoticeTemplates),
  noticeQuietHours: v.optional(QuietHours),
  reason: v.optional(text(500)),
})
export type SettingsBody = v.InferOutput<typeof SettingsBody>
