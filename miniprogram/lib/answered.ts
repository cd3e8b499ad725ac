/** What the platform says of a call that failed; of one that nobody answered it says nothing. */
export type Failure = { errno?: number; errMsg?: string }
type Callbacks<Result> = {
  success: (result: Result) => void
  fail: (failure: Failure) => void
  complete: () => void
}

/** The platform's own number for a call that took too long. */
export const TIMED_OUT = 5

/**
 * A call of the platform as a promise that is always kept. On real phones a callback is dropped now and then, and whoever
 * waited for it would wait for ever: no call back counts as a failure, and so does one that only completes. What it is
 * rejected with is always a Failure.
 */
export function answeredWithin<Result>(
  limitMs: number,
  call: (callbacks: Callbacks<Result>) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const fail = (failure: Failure): void => {
      clearTimeout(clock)
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what the platform says, for the caller to put into words
      reject(failure)
    }
    const clock = setTimeout(() => fail({ errno: TIMED_OUT }), limitMs)
    try {
      call({
        success: (result) => {
          clearTimeout(clock)
          resolve(result)
        },
        fail: (failure) => fail(failure ?? {}),
        complete: () => fail({}),
      })
    } catch {
      fail({})
    }
  })
}
