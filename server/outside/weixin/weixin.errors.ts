import { cutText } from '../../../shared/cut-text.ts'

/**
 * The numbers we have an opinion on. Never decide on errmsg.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
 */
export const WEIXIN_ERRCODE = {
  busy: -1,
  /** Wrong secret when a token is fetched; at any other call a token that is no longer the latest. */
  badCredential: 40001,
  badAppId: 40013,
  badToken: 40014,
  tokenExpired: 42001,
  badOpenid: 40003,
  /** Wrong, older than 5 minutes, or of another mini-program. */
  badCode: 40029,
  /** The template is not there, or not this account's. */
  badTemplate: 40037,
  badSecret: 40125,
  /** Not in the page's table, but really returned. */
  codeUsed: 40163,
  untrustedIp: 40164,
  /** The platform holds this user for a risk. */
  userBlocked: 40226,
  secretFrozen: 40243,
  appIdMissing: 41002,
  secretMissing: 41004,
  codeMissing: 41008,
  /** The page of a message is not in the published mini-program. */
  badPage: 41030,
  /** The receiver does not follow the official account. */
  notFollowing: 43004,
  /** He has refused, or what he accepted is spent. */
  noConsent: 43101,
  /** The template belongs to another account. */
  foreignTemplate: 43102,
  /** This kind of call may only take a subscription back. */
  onlyCancels: 43103,
  /** The app may not send subscribe messages. */
  appNotAllowed: 43104,
  /** Subscribe messages are banned for this mini-program; recalled, in no page. */
  subscribeBanned: 43107,
  /** Too many to one person at once; recalled, in no page. */
  tooManyAtOnce: 43108,
  /** Calls of this kind of a day, or of a minute. */
  quotaUsed: 45009,
  /** 100 sign-ins a minute per user. */
  userTooFast: 45011,
  /** Longer than 48 h since the follower's last message, or he has left. */
  replyTooLate: 45015,
  /** More than 5 customer-service messages since the follower's last one. */
  tooManyReplies: 45047,
  /** A value does not fit its field; the message names it. */
  badField: 47003,
  /** The account lacks the right, e.g. because it is not verified. */
  notAuthorized: 48001,
  ipNeedsConfirmation: 89503,
} as const

/** An answer of WeChat with an errcode other than 0. */
export class WeixinError extends Error {
  readonly errcode: number
  /** Method and path, without the query. */
  readonly endpoint: string
  /** For people; keeps the `rid`, by which WeChat's support finds the call. */
  readonly errmsgShort: string
  constructor(about: { errcode: number; endpoint: string; errmsg: string }) {
    const errmsgShort = cutText(about.errmsg.replace(/\[?[\w]{32,}\]?/g, '***').trim(), {
      characters: 160,
    })
    super(`WeChat ${String(about.errcode)} at ${about.endpoint}: ${errmsgShort}`)
    this.name = 'WeixinError'
    this.errcode = about.errcode
    this.endpoint = about.endpoint
    this.errmsgShort = errmsgShort
  }
}

/** About us or the moment, not about what was asked: any other refusal is final for what was sent (D23). */
const ABOUT_THE_CALL: ReadonlySet<number> = new Set([
  WEIXIN_ERRCODE.busy,
  WEIXIN_ERRCODE.badCredential,
  WEIXIN_ERRCODE.badAppId,
  WEIXIN_ERRCODE.badToken,
  WEIXIN_ERRCODE.tokenExpired,
  WEIXIN_ERRCODE.badSecret,
  WEIXIN_ERRCODE.untrustedIp,
  WEIXIN_ERRCODE.secretFrozen,
  WEIXIN_ERRCODE.appIdMissing,
  WEIXIN_ERRCODE.secretMissing,
  WEIXIN_ERRCODE.quotaUsed,
  WEIXIN_ERRCODE.userTooFast,
  WEIXIN_ERRCODE.notAuthorized,
  WEIXIN_ERRCODE.ipNeedsConfirmation,
])

export const isRefusal = (error: unknown): error is WeixinError =>
  error instanceof WeixinError && !ABOUT_THE_CALL.has(error.errcode)

/** Whether this failure is an answer of WeChat with one of these numbers. */
export function isErrcode(error: unknown, ...codes: readonly number[]): error is WeixinError {
  return error instanceof WeixinError && codes.includes(error.errcode)
}
