import type { Log } from '../../lib/log.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import { BIND_SCENE } from './kf.rules.ts'

/** What is asked for once per process, unless it failed. */
function once<Told>(ask: () => Promise<Told>): () => Promise<Told> {
  let told: Promise<Told> | undefined
  return () => {
    told ??= ask().catch((error: unknown) => {
      told = undefined
      throw error
    })
    return told
  }
}

/** The bind link of the kf account: WeCom answers the same link for the same scene. */
export const createKfLink = (deps: {
  platforms: { kf: Pick<Wecom['kf'], 'addContactWay'> }
  openKfId: string
}): (() => Promise<string>) =>
  once(() => deps.platforms.kf.addContactWay({ openKfId: deps.openKfId, scene: BIND_SCENE }))

type Named = {
  platforms: { kf: Pick<Wecom['kf'], 'listAccounts'> }
  openKfId: string
  log: Log
}

/** What WeChat lists the chat of the kf account as; undefined while WeCom has not told, for which nobody waits twice. */
export const createKfName = ({ platforms, openKfId, log }: Named) =>
  once(async (): Promise<string | undefined> => {
    try {
      const accounts = await platforms.kf.listAccounts()
      return accounts.find((one) => one.openKfId === openKfId)?.name || undefined
    } catch (error) {
      log.warn({ err: error }, 'the name of the kf account could not be fetched')
      return undefined
    }
  })

type Supporting = { kfLink: () => Promise<string>; corpId: string; log: Log }

/** Where a customer reaches the customer service: worth leaving out rather than failing while WeCom does not answer. */
export const createKfSupport =
  ({ kfLink, corpId, log }: Supporting) =>
  async (): Promise<{ kfUrl: string; corpId: string } | null> => {
    try {
      return { kfUrl: await kfLink(), corpId }
    } catch (error) {
      log.warn({ err: error }, 'the link of the kf chat could not be fetched')
      return null
    }
  }
