import type { Wecom } from '../../outside/wecom/wecom.ts'
import { BIND_SCENE } from './kf.rules.ts'

/** The bind link of the kf account, asked for once per process: WeCom answers the same link for the same scene. */
export function createKfLink(deps: {
  platforms: { kf: Pick<Wecom['kf'], 'addContactWay'> }
  openKfId: string
}): () => Promise<string> {
  let link: Promise<string> | undefined
  return () => {
    link ??= deps.platforms.kf
      .addContactWay({ openKfId: deps.openKfId, scene: BIND_SCENE })
      .catch((error: unknown) => {
        link = undefined
        throw error
      })
    return link
  }
}
