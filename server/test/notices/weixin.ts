import { OutsideError } from '../../lib/http-client.ts'
import type { SubscribeMessage, SubscribeSent } from '../../outside/weixin/subscribe.ts'

export type Pushed =
  | {
      kind: 'asked'
      openid: string
      at: Date
      accepted: string[]
      rejected: string[]
      ended?: number
    }
  /** `ended`: how many consents it was that nobody but WeChat knows are gone, until this is heard. */
  | { kind: 'off'; openid: string; at: Date; templateIds: string[]; ended: number }
  | {
      kind: 'sent'
      openid: string
      receipts: { templateId: string; msgId: string; errorCode: string }[]
    }

/** How a call of the server ends. `spends`: by a refusal of which nobody says what it means. `lost`: it came, its answer did not; `never`: it did not come. */
export type Fate = 'answered' | 'lost' | 'never left' | { errcode: SubscribeSent; spends?: boolean }

const lost = (sent: boolean): OutsideError =>
  new OutsideError('network', { endpoint: 'POST /send', reason: 'ECONNRESET', sent })

/** No two messages have the same number, whoever they are for. */
let msgId = 3_000_000_000_000_000_000n

/** WeChat as it is: one consent is one message, and what it tells may be late. */
export function createWeixin(clock: () => Date) {
  const left = new Map<string, number>()
  const given = new Map<string, number>()
  const untold = new Map<string, number>()
  const messages: SubscribeMessage[] = []
  const pushes: Pushed[] = []
  let fate: Fate = 'answered'
  const keyOf = (openid: string, templateId: string): string => `${openid} ${templateId}`
  const second = (): Date => new Date(Math.floor(clock().getTime() / 1000) * 1000)
  const leftOf = (openid: string, templateId: string): number =>
    left.get(keyOf(openid, templateId)) ?? 0

  /** All are gone; answers how many, which the server cannot know yet. */
  function end(openid: string, templateId: string): number {
    const [key, ended] = [keyOf(openid, templateId), leftOf(openid, templateId)]
    left.set(key, 0)
    untold.set(key, (untold.get(key) ?? 0) + ended)
    return ended
  }

  const spend = ({ openid, templateId }: SubscribeMessage): void =>
    void left.set(keyOf(openid, templateId), Math.max(0, leftOf(openid, templateId) - 1))

  function deliver(message: SubscribeMessage): SubscribeSent {
    const { openid, templateId } = message
    if (leftOf(openid, templateId) === 0)
      return { kind: 'refused', reason: 'no_consent', errcode: 43101 }
    spend(message)
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
    /** Gone, and neither told nor answered yet. */
    untoldOf: (openid: string, templateId: string) => untold.get(keyOf(openid, templateId)) ?? 0,
    /** The server has heard of an end. */
    toldOf: (openid: string, templateId: string, ended = 0): void =>
      void untold.set(
        keyOf(openid, templateId),
        Math.max(0, (untold.get(keyOf(openid, templateId)) ?? 0) - ended),
      ),
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
      pushes.push({
        ended: isKept ? end(openid, templateId) : 0,
        kind: 'asked',
        openid,
        at: second(),
        accepted: [],
        rejected: [templateId],
      })
    },
    turnOff: (openid: string, templateId: string): void => {
      const ended = end(openid, templateId)
      pushes.push({ kind: 'off', openid, at: second(), templateIds: [templateId], ended })
    },
    /** What WeChat forgets by itself, of which it tells nobody. */
    forget: (openid: string, templateId: string): void => void end(openid, templateId),
    next: (to: Fate): void => {
      fate = to
    },
    send: (message: SubscribeMessage): Promise<SubscribeSent> => {
      const now = fate
      fate = 'answered'
      if (now === 'never left') return Promise.reject(lost(false))
      if (typeof now === 'object') {
        if (now.spends) spend(message)
        return Promise.resolve(now.errcode)
      }
      const answer = deliver(message)
      if (now === 'lost') return Promise.reject(lost(true))
      if (answer.kind === 'refused') untold.delete(keyOf(message.openid, message.templateId))
      return Promise.resolve(answer)
    },
  }
}
export type FakeWeixin = ReturnType<typeof createWeixin>
