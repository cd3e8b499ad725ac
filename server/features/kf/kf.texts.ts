import type { KfMoved } from '../../outside/wecom/kf.session.ts'
import type { BindingEnd, UnboundBy } from '../facts.ts'

type HandOverRefusal = Extract<KfMoved, { kind: 'refused' }>['reason']

const UNBIND = '如需解除绑定，请在小程序「我的」里操作，或在这里发送「解绑」。'
const BY_LINK = '请在「进度通」小程序里点「打开客服聊天」，再点这里收到的卡片。'

/** Bound; `next`: what is still missing, and what he does about it. */
export const toBoundText = (next: string): string => `绑定成功！${next}。\n${UNBIND}`
/** What the customer reads in the kf chat when an attempt ended otherwise. */
export const ENDED: Record<Exclude<BindingEnd, 'bound'>, string> = {
  not_me: '已取消，没有绑定任何帐号。请不要把绑定码发给别人，也不要替别人发送绑定码。',
  withdrawn: `您撤回了绑定码，绑定已取消。需要绑定时，${BY_LINK}`,
  opened_by_other:
    '刚才的绑定不是您的小程序帐号申请的，已经作废，没有绑定，您的项目没有给别人看到。\n请不要替别人发送绑定码，也不要点别人发来的客服链接。',
  unionid_mismatch:
    '没有绑定：申请绑定的微信与当前微信不是同一个人。请用本人的微信打开「进度通」小程序，再点「打开客服聊天」。',
  account_taken: `没有绑定：申请绑定的小程序帐号已经和另一位联系人绑定。请先解绑再试，或在这里留言，由客服处理。${UNBIND}`,
  contact_taken: `没有绑定：您的微信已经和另一个小程序帐号绑定，那个绑定不受影响。如果不是您本人操作，不用理会；想换到新的帐号，请先解绑再试，或在这里留言，由客服处理。${UNBIND}`,
}

/** The same as `bound`, for who may query at once. */
export const BOUND_AND_ALLOWED = `绑定成功！您现在就可以在小程序里查看项目进度了。\n${UNBIND}`
/** The same for an attempt that began with the card of a welcome: no code was involved. */
export const ENDED_BY_CARD: Partial<typeof ENDED> = {
  not_me: '已取消，没有绑定任何帐号。请不要把顾问发给您的卡片转发给别人。',
  opened_by_other:
    '没有绑定：申请绑定的不是您打开的这个小程序帐号，已经作废。请不要把顾问发给您的卡片转发给别人。',
  unionid_mismatch:
    '没有绑定：打开卡片的微信与当前微信不是同一个人。请用本人的微信打开顾问发给您的卡片。',
  account_taken: `没有绑定：打开卡片的小程序帐号已经和另一位联系人绑定。请先解绑再试，或在这里留言，由客服处理。${UNBIND}`,
}
/** To 不是我 below an attempt that is over, by what is the case now. */
export const OVER = {
  asked:
    '您点的这一次绑定已经失效，不用理会。现在还有一次绑定在等您确认：不是您本人申请的，请在最新的一条消息里点「不是我」。',
  bound:
    '您点的这一次绑定已经结束，不用理会。您的微信现在绑定着一个小程序帐号；如果那不是您本人的，请在这里发送「解绑」。',
  unbound: '您点的这一次绑定已经失效，没有绑定任何帐号，您不用再做什么。',
} as const
/** One answer for unknown, expired and used codes. */
export const CODE_INVALID = '验证码无效或已过期，请回小程序换一个'
/** To digits that are no code, from somebody whose binding stands. */
export const BOUND_ALREADY =
  '您已绑定，不用再发绑定码，回到小程序即可查看。如果小程序仍显示未绑定，请在那里点「打开客服聊天」。'
/** The same from somebody who let his own attempt run out. */
export const RAN_OUT = `刚才的绑定已超时，不用再发绑定码：${BY_LINK}`
export const TAP_THE_CARD = '不用再输入绑定码：请点上面的「打开小程序完成绑定」。'
/** Said when a contact has been wrong too often, and again while its pause lasts. */
export function toPausedText(until: Date, now: Date): string {
  const minutes = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 60_000))
  const wait = minutes < 120 ? `${String(minutes)} 分钟` : `${String(Math.ceil(minutes / 60))} 小时`
  return `绑定码错误次数过多，请 ${wait}后再试；也可以在小程序绑定页点「打开客服聊天」，不用输入绑定码直接绑定。`
}

const HELLO = '您好，这里是项目进度客服。'
const PEOPLE = '其他问题请直接留言，会有人工客服为您服务。'
export const GREETING = `${HELLO}\n绑定：${BY_LINK}没有看到卡片？发送小程序里显示的绑定码。\n${PEOPLE}`
export const GREETING_BOUND = `${HELLO}\n您已绑定，发送「进度」「订单」或「设备」即可查询。\n${PEOPLE}`
export const TO_HUMAN = '已为您转接人工客服，请稍候。'
const NOT_HANDED: Record<HandOverRefusal, (hours: string) => string> = {
  nobody_on_duty: (hours) =>
    `现在没有客服在线（服务时间：${hours}）。您的留言已经收到，上班后会尽快回复您。`,
  no_servicer: () =>
    '这里没有安排人工客服，有问题请直接联系您的顾问。绑定或查询进度可以继续在这里进行。',
  not_allowed: () => '刚才没能转接人工客服，请再发一次您的问题；急事请直接联系您的顾问。',
  other: () => '暂时不能转接人工客服，请稍后再发一次您的问题；急事请直接联系您的顾问。',
}
/** Each refusal of a hand-over to people is told as what it is. */
export const toNotHandedText = (reason: HandOverRefusal, hours: string): string =>
  NOT_HANDED[reason](hours)
export const SERVICER_HINT =
  '有客户正在绑定「进度通」小程序。您结束当前会话后，系统会自动给客户发送确认卡片，请不要代客户操作。'

export const UNBIND_QUESTION = {
  head: '解除绑定后，小程序里将看不到您的项目，需要重新绑定才能查看。确定要解除吗？',
  yes: '确认解绑',
  no: '暂不解绑',
} as const
export const KEPT = '好的，绑定没有变化，您可以继续在小程序里查看项目。'
export const NOT_BOUND = `您还没有绑定小程序。${BY_LINK}没有看到卡片？发送小程序里显示的绑定码。`
const BIND_AGAIN = '需要时可以在小程序里重新绑定。'
export const UNBOUND: Record<UnboundBy, string> = {
  contact: `已解除绑定，小程序里不再显示您的项目。${BIND_AGAIN}`,
  customer: `已解除绑定（在小程序里操作），小程序里不再显示您的项目。如果不是您本人操作，请在这里告诉客服。${BIND_AGAIN}`,
  admin: `已解除绑定（由工作人员操作），小程序里不再显示您的项目。如有疑问，请在这里告诉客服。${BIND_AGAIN}`,
}
/** A tie of which this chat did not say a word (D22). */
export const toTiedText = ({ app, way }: { app: string; way: string }): string =>
  `您的微信刚刚绑定了一个「进度通」${app === 'official' ? '公众号' : '小程序'}帐号（${way}），那个帐号能看到您的项目进度。\n是您本人操作的，不用再做什么；不是您本人，请在这里发送「解绑」。`

/** Below what a chat tells of projects. */
export const MORE = '详情请打开「进度通」小程序。'
/** The page on which a customer states his phone, and the words of the item that leads there. */
export const STATE_PHONE = { page: 'pages/home/home', text: '打开小程序填写手机号' } as const

/** What the contact is asked, by what the attempt began with. */
export const CONFIRM_HEAD = {
  chat: '您刚才在「进度通」里申请绑定了吗？绑定后，申请的小程序帐号能看到您的项目进度。\n是您本人申请的，请在 10 分钟内点：',
  welcome:
    '您刚才在「进度通」里申请绑定了吗？顾问发给您的卡片已被打开，绑定后，打开它的小程序帐号能看到您的项目进度。\n是您本人打开的，请在 10 分钟内点：',
  foiled:
    '您刚才在「进度通」里申请绑定了吗？绑定后，您刚才点开卡片的小程序帐号能看到您的项目进度。\n是您本人，请在 10 分钟内点：',
} as const
export const CONFIRM = {
  open: '打开小程序完成绑定',
  deny: '不是我',
  tail: '如果不是您本人操作，请点「不是我」。',
} as const
