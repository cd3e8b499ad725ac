let aheadMs = 0

/** Every answer carries the server's time: countdowns stay right on a phone whose clock is wrong. */
export function noteServerTime(timestamp: number, localNow = Date.now()): void {
  aheadMs = timestamp - localNow
}

/** Milliseconds, as the server counts them. */
export const serverNow = (localNow = Date.now()): number => localNow + aheadMs
