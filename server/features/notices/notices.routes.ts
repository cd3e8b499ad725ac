import {
  ConsentsBody,
  MessageBody,
  MessageSent,
  NoticeTemplates,
} from '../../../shared/api/notices.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Notices } from './notices.ts'

const NOT_SENT = {
  unknown_openid: [404, 'message.unknown_openid', '没有这个 openid 的小程序帐号，请检查 touser'],
  unknown_template: [
    400,
    'message.unknown_template',
    '设置里没有这个模板，请先在设置的 noticeTemplates 里填写',
  ],
  unknown_page: [400, 'message.unknown_page', '小程序没有这个页面，请检查 page'],
  bad_field: [400, 'message.bad_field', '字段 {field} 的内容微信不接受，请按模板修改'],
  no_consent: [409, 'message.no_consent', '客户没有剩余的订阅授权，请等他在小程序里再次同意'],
  not_now: [
    503,
    'message.not_now',
    '微信暂时不接受消息，没有发送，请稍后再试',
    { 'Retry-After': '60' },
  ],
  unknown_outcome: [
    504,
    'message.unknown_outcome',
    '不知道消息是否已送达，请不要立即重发，稍后再看',
  ],
  misconfigured: [
    502,
    'message.misconfigured',
    '微信拒绝了这条消息（{reason}），授权没有用掉，请管理员检查模板设置',
  ],
} satisfies Refusals

export function createNoticeRoutes(
  notices: Pick<Notices, 'listFor' | 'noteReported' | 'sendMessage'>,
): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/notices/templates',
        who: 'customer',
        summary: 'What one may consent to be told, and how many messages are left of each',
        data: NoticeTemplates,
      },
      async ({ caller }) => ({ data: { items: await notices.listFor(caller.accountId) } }),
    ),
    route(
      {
        method: 'post',
        path: '/api/notices/consents',
        who: 'customer',
        summary:
          'What was answered to wx.requestSubscribeMessage; a hint, if WeChat itself tells nothing',
        body: ConsentsBody,
        data: NoticeTemplates,
      },
      async ({ caller: { accountId, app }, body: { results } }) => {
        if (app === 'miniprogram') await notices.noteReported({ accountId, results })
        return { data: { items: await notices.listFor(accountId) } }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/message/send',
        who: 'service',
        summary: 'Send a subscribe message by a consent of the customer (R2.8)',
        body: MessageBody,
        data: MessageSent,
        refusals: NOT_SENT,
      },
      async ({ body }) => {
        const answered = await notices.sendMessage(toAsked(body))
        if (answered.kind === 'sent')
          return {
            data: { errcode: 0, errmsg: 'ok', msgid: answered.msgId },
            message: '发送订阅消息成功',
          }
        const { kind, ...words } = answered
        return { refused: kind, words }
      },
    ),
  ]
}

const toAsked = ({ touser, template_id: templateId, data, page, lang, ...more }: MessageBody) => ({
  openid: touser,
  templateId,
  data: Object.fromEntries(Object.entries(data).map(([key, { value }]) => [key, value])),
  page,
  version: more.miniprogram_state,
  lang,
})
