import { cutText } from '../../../shared/cut-text.ts'

/**
 * The numbers we have an opinion on. Never decide on errmsg: the platform calls it advice and changes it.
 * https://developer.work.weixin.qq.com/document/path/90313
 */
export const WECOM_ERRCODE = {
  busy: -1,
  /** Wrong secret at gettoken; at any other call also a token that is no longer the latest. */
  badCredential: 40001,
  badToken: 40014,
  tokenExpired: 42001,
  /** Of an OAuth code that is none; what a spent or late one gets is in no source. */
  badOnceCode: 40029,
  badUserId: 40003,
  badParameter: 40058,
  /** Of another corp or of a provider, or the member who follows is outside the visible range. */
  badExternalUserId: 40096,
  rateLimited: 45009,
  tooManyAtOnce: 45033,
  noApiPermission: 48002,
  kfAccountNotAuthorised: 48007,
  welcomeCodeMissing: 41049,
  welcomeCodeExpired: 41050,
  alreadyChatting: 41051,
  archivingNotAgreed: 41053,
  welcomeSentElsewhere: 41096,
  /** The caller's address is not in the app's list of trusted ones; see `WecomError.fromIp`. */
  untrustedIp: 60020,
  /** The member is not one the app may see. Which of the four comes is not documented per call. */
  outOfScope: 50002,
  noPrivilege: 60011,
  outOfRange: 60021,
  appOutOfRange: 60030,
  userNotFound: 60111,
  allTargetsInvalid: 81013,
  noContactRelation: 84061,
  /** kf: five messages per customer message. */
  kfTooManyMessages: 95001,
  /** kf: 48 hours after the customer's last message. */
  kfTooLate: 95002,
  kfBadAccount: 95000,
  /** Customers served per month, of a corp that is not verified. */
  kfTooManyCustomers: 95003,
  kfTypeForbidden: 95030,
  kfUnknownAccount: 95004,
  kfBadMessageToken: 95007,
  /** kf: the token is of the other kind of app than the account is set to. */
  kfSecretForbidden: 95011,
  kfSecretWanted: 95012,
  kfApiOff: 95017,
  kfSessionEnded: 95013,
  kfNotAServicer: 95014,
  kfBadTransition: 95016,
  kfStateForbidsSending: 95018,
  kfServicerAway: 95019,
  kfNoConsult: 95031,
} as const

/** Says nothing of what was asked: busy, limit, token or address. It passes, or an administrator must act. */
const ABOUT_THE_CALL: ReadonlySet<number> = new Set([
  WECOM_ERRCODE.busy,
  WECOM_ERRCODE.rateLimited,
  WECOM_ERRCODE.tooManyAtOnce,
  WECOM_ERRCODE.untrustedIp,
  WECOM_ERRCODE.badCredential,
  WECOM_ERRCODE.badToken,
  WECOM_ERRCODE.tokenExpired,
])

/** An answer of WeCom with an errcode other than 0. The call was understood and refused: nothing has happened. */
export class WecomError extends Error {
  readonly errcode: number
  /** Method and path, without the query. */
  readonly endpoint: string
  /** For people: without hint, address and link. */
  readonly errmsgShort: string
  /** The address WeCom saw, for 60020: what the administrator must add to the trusted ones. */
  readonly fromIp: string | undefined
  constructor(about: { errcode: number; endpoint: string; errmsg: string }) {
    const errmsgShort = shorten(about.errmsg)
    const fromIp = about.errcode === WECOM_ERRCODE.untrustedIp ? findIp(about.errmsg) : undefined
    super(
      `WeCom ${String(about.errcode)} at ${about.endpoint}: ${errmsgShort}${fromIp === undefined ? '' : ` (from ip ${fromIp})`}`,
    )
    this.name = 'WecomError'
    this.errcode = about.errcode
    this.endpoint = about.endpoint
    this.errmsgShort = errmsgShort
    this.fromIp = fromIp
  }
}

/** Whether this failure is an answer of WeCom with one of these numbers. */
export function isErrcode(error: unknown, ...codes: readonly number[]): error is WecomError {
  return error instanceof WecomError && codes.includes(error.errcode)
}

/** Whether this failure is a refusal of what was asked, whatever its number: the platform documents few of them (D23). */
export const isRefusal = (error: unknown): error is WecomError =>
  error instanceof WecomError && !ABOUT_THE_CALL.has(error.errcode)

/** Up to the trace the platform adds; whatever is as long as a token is masked. */
function shorten(errmsg: string): string {
  const head = errmsg.split(/,? ?(?:hint:|from ip:|more info at)/)[0] ?? ''
  return cutText(head.replace(/[\w-]{32,}/g, '***').trim(), { characters: 120 })
}

function findIp(errmsg: string): string | undefined {
  return /from ip:\s*([0-9a-f.:]{3,45})/i.exec(errmsg)?.[1]?.replace(/[.:]$/, '')
}
