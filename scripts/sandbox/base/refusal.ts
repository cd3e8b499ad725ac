/**
 * What the platform answers instead of a result. Thrown, not returned: a refusal can come from any depth of a
 * request's validation and the wire has exactly one place that words it (http/wecom.ts, http/weixin.ts).
 */
export class Refusal extends Error {
  readonly errcode: number
  /** further fields beside errcode and errmsg, e.g. the msgid that exists already */
  readonly extra: Record<string, unknown>

  constructor(errcode: number, errmsg: string, extra: Record<string, unknown> = {}) {
    super(errmsg)
    this.errcode = errcode
    this.extra = extra
  }
}

/** A control call that makes no sense: status instead of errcode, because /_sandbox is not the platform. */
export class ControlError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
