/** How long to wait, in words for people and in whole seconds for Retry-After. */
export function toWait(waitMs: number): { text: string; seconds: number } {
  const seconds = Math.ceil(waitMs / 1000)
  if (seconds < 90) return { text: `${String(seconds)} 秒`, seconds }
  const minutes = Math.ceil(seconds / 60)
  return {
    text: minutes < 120 ? `${String(minutes)} 分钟` : `${String(Math.ceil(minutes / 60))} 小时`,
    seconds,
  }
}
