import { isErrcode, isRefusal, WECOM_ERRCODE as CODE, type WecomError } from './wecom.errors.ts'

/** A refusal that comes with the trade: nothing was sent. `errcode` is for logs. */
export type KfRefused<Reason> = { kind: 'refused'; reason: Reason; errcode: number }
type ReasonOf<T> = Extract<T, { kind: 'refused' }> extends { reason: infer R } ? R : never
export type KfRefusals<T> = Readonly<Partial<Record<number, ReasonOf<T>>>>

/** Documented, and mended by an administrator only: whoever waits for it must hear of it. */
const OF_THE_INSTALLATION = [
  CODE.noApiPermission,
  CODE.kfAccountNotAuthorised,
  CODE.kfBadAccount,
  CODE.kfUnknownAccount,
  CODE.kfSecretForbidden,
  CODE.kfSecretWanted,
  CODE.kfApiOff,
  CODE.kfTooManyCustomers,
  CODE.kfTypeForbidden,
] as const

export const isOfTheTrade = (error: unknown): error is WecomError =>
  isRefusal(error) && !isErrcode(error, ...OF_THE_INSTALLATION)

/** What a call answers, or the refusal that its errcode means; any other failure goes on. */
export async function refusing<T>(
  refusals: KfRefusals<T>,
  isOurs: (error: unknown) => error is WecomError,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!isOurs(error)) throw error
    return {
      kind: 'refused',
      reason: refusals[error.errcode] ?? 'other',
      errcode: error.errcode,
    } as T
  }
}
