import { OutsideError } from '../../lib/http-client.ts'
import type { SubscribeMessage, SubscribeSent } from '../../outside/weixin/subscribe.ts'

export type Pushed =
  | { kind: 'asked'; openid: string; at: Date; accepted: string[]; rejected: string[] }
  | { kind: 'off'; openid: string; at: Date; templateIds: string[] }
  | {
      kind: 'sent'
      openid: string
      receipts: { templateId: string; msgId: string; errorCode: string }[]
    }

/** How a call of the server ends. `lost`: it came, its answer did not; `never`: it did not come. */
export type Fate = 'answered' | 'lost' | 'never left' | { errcode: SubscribeSent }

const lost = (sent: boolean): OutsideError =>
  new OutsideError('network', { endpoint: 'POST /send', reason: 'ECONNRESET', sent })

/** No two messages have the same number, whoever they are for. */
let msgId = 3_000_000_000_000_000_000n

/** WeChat as it is: one consent is one message, and what it tells may be late. */
export function createWeixin(clock: () => Date) {
  const left = new Map<string, number>()
  const given = new Map<string, number>()
  const messages: SubscribeMessage[] = []
  const pushes: Pushed[] = []
  let fate: Fate = 'answered'
  const keyOf = (openid: string, templateId: string): string => `${openid} ${templateId}`
  const second = (): Date => new Date(Math.floor(clock().getTime() / 1000) * 1000)
  const leftOf = (openid: string, templateId: string): number =>
    left.get(keyOf(openid, templateId)) ?? 0

  function deliver(message: SubscribeMessage): SubscribeSent {
    const { openid, templateId } = message
    if (leftOf(openid, templateId) === 0)
      return { kind: 'refused', reason: 'no_consent', errcode: 43101 }
    left.set(keyOf(openid, templateId), leftOf(openid, templateId) - 1)
    messages.push(message)
    msgId += 1n
    const receipt = { templateId, msgId: String(msgId), errorCode: '0' }
    pushes.push({ kind: 'sent', openid, receipts: [receipt] })
    return { kind: 'sent', msgId: String(msgId) }
  }
  return {
    messages,
    /** What it has not told the server yet. */
    pushes,
    leftOf,
    givenOf: (openid: string, templateId: string) => given.get(keyOf(openid, templateId)) ?? 0,
    accept: (openid: string, templateId: string): void => {
      const key = keyOf(openid, templateId)
      left.set(key, leftOf(openid, templateId) + 1)
      given.set(key, (given.get(key) ?? 0) + 1)
      pushes.push({
        kind: 'asked',
        openid,
        at: second(),
        accepted: [templateId],
        rejected: [],
      })
    },
    /** `isKept`: for always, which ends what he accepted before; the push does not say it. */
    reject: (openid: string, templateId: string, isKept: boolean): void => {
      if (isKept) left.set(keyOf(openid, templateId), 0)
      pushes.push({
        kind: 'asked',
        openid,
        at: second(),
        accepted: [],
        rejected: [templateId],
      })
    },
    turnOff: (openid: string, templateId: string): void => {
      left.set(keyOf(openid, templateId), 0)
      pushes.push({ kind: 'off', openid, at: second(), templateIds: [templateId] })
    },
    /** What WeChat forgets by itself, of which it tells nobody. */
    forget: (openid: string, templateId: string): void =>
      void left.set(keyOf(openid, templateId), 0),
    next: (to: Fate): void => {
      fate = to
    },
    send: (message: SubscribeMessage): Promise<SubscribeSent> => {
      const now = fate
      fate = 'answered'
      if (now === 'never left') return Promise.reject(lost(false))
      if (typeof now === 'object') return Promise.resolve(now.errcode)
      const answer = deliver(message)
      return now === 'lost' ? Promise.reject(lost(true)) : Promise.resolve(answer)
    },
  }
}
export type FakeWeixin = ReturnType<typeof createWeixin>
