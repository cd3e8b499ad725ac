/** What came of each template; `ban`: taken out of use by WeChat, `filter`: another of the same title was asked for. */
export type Consents = Record<string, 'accept' | 'reject' | 'ban' | 'filter'>
/** `errCode`: why WeChat did not even ask; 0 when it says nothing of it. */
export type Asked = { consents: Consents } | { errCode: number }

/** More at a time are refused by older versions of WeChat. */
const MOST = 3

/** An old WeChat cannot be asked. */
export const canSubscribe = (): boolean => typeof wx.requestSubscribeMessage === 'function'

/**
 * Asks for leave to send messages by these templates. Must run inside the tap handler with nothing awaited before.
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/open-api/subscribe-message/wx.requestSubscribeMessage.html
 */
export function askConsent(templateIds: readonly string[]): Promise<Asked> {
  const tmplIds = templateIds.slice(0, MOST)
  return new Promise((resolve) => {
    try {
      wx.requestSubscribeMessage({
        tmplIds,
        success: (result) => resolve({ consents: toConsents(tmplIds, result) }),
        fail: (failure) => resolve({ errCode: Number(failure?.errCode) || 0 }),
        complete: () => resolve({ errCode: 0 }),
      })
    } catch {
      resolve({ errCode: 0 })
    }
  })
}

const RESULTS = ['accept', 'reject', 'ban', 'filter'] as const

/** `acceptWithAudio` and the like are a yes too. */
function toConsents(tmplIds: readonly string[], result: Record<string, string>): Consents {
  const pairs = tmplIds.flatMap((id) => {
    const said = RESULTS.find((one) => result[id]?.startsWith(one))
    return said === undefined ? [] : [[id, said] as const]
  })
  return Object.fromEntries(pairs)
}
