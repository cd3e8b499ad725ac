import type { JsonObject } from '../../lib/http-client.ts'
import type { WeixinCall } from './weixin.call.ts'
import { isErrcode, isRefusal, WEIXIN_ERRCODE as CODE, WeixinError } from './weixin.errors.ts'

export type SubscribeMessage = {
  openid: string
  templateId: string
  /** By the keys of the template, e.g. thing1. */
  data: Readonly<Record<string, string>>
  /** A page of the mini-program, with its query. */
  page?: string | undefined
  version?: 'developer' | 'trial' | 'formal' | undefined
  lang?: 'zh_CN' | 'en_US' | 'zh_HK' | 'zh_TW' | undefined
}

const REFUSALS = {
  [CODE.badOpenid]: 'unknown_openid',
  [CODE.badTemplate]: 'unknown_template',
  [CODE.badPage]: 'unknown_page',
  [CODE.noConsent]: 'no_consent',
  [CODE.foreignTemplate]: 'foreign_template',
  [CODE.onlyCancels]: 'only_cancels',
  [CODE.appNotAllowed]: 'app_not_allowed',
  [CODE.subscribeBanned]: 'banned',
  [CODE.tooManyAtOnce]: 'too_many_at_once',
  [CODE.quotaUsed]: 'quota_used',
  [CODE.badField]: 'bad_field',
} as const
type Named = (typeof REFUSALS)[keyof typeof REFUSALS]

/** `other`: a number that we do not know; nothing is to be decided by it but that it was refused. */
export type SubscribeRefusal = Named | 'other'
export type SubscribeSent =
  /** `msgId` has 64 bits; it is not always told. */
  | { kind: 'sent'; msgId?: string }
  /** `field`: for people, as WeChat's words name it. */
  | { kind: 'refused'; reason: SubscribeRefusal; errcode: number; field?: string }
  /** WeChat was busy: nobody knows what became of it. */
  | { kind: 'unclear' }

/** `kind`: 2 is sent once for each consent, 3 as long as it lasts. */
export type SubscribeTemplate = {
  templateId: string
  title: string
  isOneTime: boolean
  keys: string[]
}

/** Messages to which people of the mini-program have consented beforehand. */
export function createSubscribe(call: Pick<WeixinCall, 'read' | 'tell'>) {
  return { send, listTemplates }

  /**
   * One message, which spends one consent. Never repeated once it may have arrived. Throws WeixinError (about us or the moment:
   * nothing was sent) and OutsideError.
   * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
   */
  async function send(message: SubscribeMessage): Promise<SubscribeSent> {
    try {
      const { msgid } = await call.tell('/cgi-bin/message/subscribe/send', toBody(message))
      const isTold = typeof msgid === 'string' || typeof msgid === 'number'
      return { kind: 'sent', ...(isTold && { msgId: String(msgid) }) }
    } catch (error) {
      if (isErrcode(error, CODE.busy)) return { kind: 'unclear' }
      return toRefused(error)
    }
  }

  /**
   * The templates that the account has chosen. Throws WeixinError and OutsideError.
   * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/getMessageTemplateList.html
   */
  async function listTemplates(): Promise<SubscribeTemplate[]> {
    const { data } = await call.read('/wxaapi/newtmpl/gettemplate')
    return Array.isArray(data) ? data.flatMap(toTemplate) : []
  }
}
export type Subscribe = ReturnType<typeof createSubscribe>

const toBody = ({
  openid,
  templateId,
  data,
  page,
  version,
  lang,
}: SubscribeMessage): JsonObject => ({
  touser: openid,
  template_id: templateId,
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value }])),
  ...(page !== undefined && { page }),
  ...(version !== undefined && { miniprogram_state: version }),
  ...(lang !== undefined && { lang }),
})

/** `argument invalid! data.thing3.value invalid rid: ..` */
const FIELD = /data\.(\w{1,40})/

function toRefused(error: unknown): SubscribeSent {
  if (!(error instanceof WeixinError)) throw error
  const { errcode } = error
  const named: Named | undefined = REFUSALS[errcode as keyof typeof REFUSALS]
  const isAboutUs: boolean = named === undefined && !isRefusal(error)
  if (isAboutUs) throw error
  const field = named === 'bad_field' ? FIELD.exec(error.errmsgShort)?.[1] : undefined
  return {
    kind: 'refused',
    reason: named ?? 'other',
    errcode,
    ...(field !== undefined && { field }),
  }
}

const ONE_TIME = 2
const KEY = /\{\{\s*(\w+)\.DATA\s*\}\}/gi

function toTemplate(one: unknown): SubscribeTemplate[] {
  const { priTmplId, title, content, type } = (one ?? {}) as Record<string, unknown>
  if (typeof priTmplId !== 'string') return []
  const keys = [...String(content).matchAll(KEY)].map(([, key]) => key!)
  return [
    { templateId: priTmplId, title: String(title), isOneTime: Number(type) === ONE_TIME, keys },
  ]
}
