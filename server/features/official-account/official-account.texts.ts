/** R0.75, word for word. */
export const CLAIMED =
  '已收到您的联系方式！\n请联系我们的销售人员，他们会通过企业微信添加您。\n添加成功后，您即可查询项目进度。'
/** R0.23. */
export const NOT_ADDED_YET = '请先联系销售人员添加您'
/** The same, to somebody of whom no number is known: nobody could look for him. */
export const NOT_ADDED = `${NOT_ADDED_YET}\n请在这里发送您的手机号，顾问按手机号找到您、添加您后，就能查询项目进度。`
/** The same, to somebody who is bound; `what`: what is still missing, and who does what about it. */
export const toNotAddedText = (what: string): string => `${NOT_ADDED_YET}\n${what}。`
/**
 * The same for everybody who stated a phone: whether a salesperson has added that phone is told to nobody who only claims it (D16).
 * The card binds the mini-program; without unionid nothing ever binds the official account, so it does not promise to show anything here.
 */
export const NOT_PROVEN = `${NOT_ADDED_YET}\n如果他已经添加您，还差一步：请点开他在微信里发给您的卡片，或打开「进度通」小程序，完成绑定后，在小程序里查看项目进度。`
export const OWN_PHONE =
  '已收到您的联系方式！\n您已经可以查询项目进度了，发送「查询项目进度」即可查看。'
export const GREETING =
  '您好，欢迎关注！\n请发送您的手机号，顾问会通过企业微信添加您。\n添加成功后，发送「查询项目进度」即可查看您的项目。'
export const HELP =
  '您可以这样使用：\n· 发送您的手机号，顾问会通过企业微信添加您\n· 发送「查询项目进度」，查看您的项目\n· 发送「我的订单」或「设备档案」，查看订单和设备\n· 发送「人工」，了解如何联系我们\n· 发送「解绑」，了解如何解除绑定'
export const BAD_PHONE = '手机号格式不正确，请发送 11 位手机号。'
export const HOW_TO_UNBIND = '请打开「进度通」小程序，在「我的」里解除绑定。'
export const HUMAN = '请打开「进度通」小程序，在「我的」里点「联系客服」。'
/** Said only to an account that is tied and may query (D16); every result names 解绑 (D3). */
export const BOUND =
  '绑定成功，发送「查询项目进度」即可查看。\n如需解绑，请打开「进度通」小程序，在「我的」里操作。'
/** Somebody else's account was tied to the same contact, and its chat did not say so (D22). */
export const toTiedText = ({ way }: { way: string }): string =>
  `您的微信刚刚绑定了一个「进度通」小程序帐号（${way}），那个帐号能看到您的项目进度。\n是您本人操作的，不用再做什么；不是您本人，请在客服聊天里发送「解绑」。`
/** To who follows and may query already. */
export const GREETING_BOUND =
  '您好，欢迎关注！\n您已完成绑定，发送「查询项目进度」即可查看您的项目。\n如需解绑，请打开「进度通」小程序，在「我的」里操作。'
export const UNBOUND =
  '已解绑，这里不再显示您的项目进度。\n如果不是您本人操作，请打开「进度通」小程序，在「我的」里点「联系客服」。'
/** When it is not known what became of a message whose answer was promised for later. */
export const SAY_AGAIN = '刚才系统繁忙，您的消息没有处理成功，请再发送一次。'

export function toTooSoonText(waitMs: number): string {
  const minutes = Math.ceil(waitMs / 60_000)
  const wait =
    waitMs < 90_000
      ? `${String(Math.ceil(waitMs / 1_000))} 秒`
      : minutes < 120
        ? `${String(minutes)} 分钟`
        : `${String(Math.ceil(minutes / 60))} 小时`
  return `您提交手机号有些频繁，请 ${wait}后再发送。`
}

/**
 * A way into the mini-program, for a line of its own below a text. WeChat opens it where the mini-program is linked to the
 * official account; elsewhere it is plain words. https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
 */
export const toMiniProgramLink = ({
  appId,
  page,
  text,
}: {
  appId: string
  page: string
  text: string
}) => `<a href="" data-miniprogram-appid="${appId}" data-miniprogram-path="${page}">${text}</a>`
