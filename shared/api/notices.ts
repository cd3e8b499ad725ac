import * as v from 'valibot'
import { NOTICES, type NoticeKind } from '../notices.ts'

const text = (max: number) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty('不能为空'), v.maxLength(max, `最多 ${max} 个字`))

const KINDS = Object.keys(NOTICES) as NoticeKind[]

/** What somebody may consent to; `remaining`: messages that he has left. */
export const NoticeTemplates = v.object({
  items: v.array(
    v.object({
      templateId: v.string(),
      kind: v.picklist(KINDS),
      title: v.string(),
      for: v.picklist(['advisor', 'customer']),
      remaining: v.number(),
    }),
  ),
})
export type NoticeTemplates = v.InferOutput<typeof NoticeTemplates>

/** What `wx.requestSubscribeMessage` answered, by template: `accept`, `reject`, `ban`, `filter` and words to come. */
export const ConsentsBody = v.strictObject({
  results: v.pipe(
    v.record(v.string(), v.pipe(v.string(), v.maxLength(64))),
    v.check((results) => Object.keys(results).length <= 20, '最多 20 个模板'),
  ),
})

/** R2.8; the names of the fields are WeChat's. */
export const MessageBody = v.strictObject({
  touser: text(64),
  template_id: text(64),
  data: v.pipe(
    v.record(v.string(), v.strictObject({ value: v.pipe(v.string(), v.maxLength(200)) })),
    v.check((data) => Object.keys(data).length > 0, '至少要有一个字段'),
    v.check((data) => Object.keys(data).length <= 20, '最多 20 个字段'),
  ),
  page: v.optional(text(512)),
  miniprogram_state: v.optional(v.picklist(['developer', 'trial', 'formal'])),
  lang: v.optional(v.picklist(['zh_CN', 'en_US', 'zh_HK', 'zh_TW'])),
})

export type MessageBody = v.InferOutput<typeof MessageBody>

/** R2.9. */
export const MessageSent = v.object({
  errcode: v.number(),
  errmsg: v.string(),
  msgid: v.string(),
})
