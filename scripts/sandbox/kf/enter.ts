import type { Stage } from '../world/stage.ts'
import type { Person } from '../world/types.ts'
import { issueCode, openChat } from './chat.ts'
import { appendEvent } from './log.ts'
import { deservesWelcome } from './session.ts'
import { readLink } from './ways.ts'

type Entered = {
  entered: boolean
  event: boolean
  openKfId?: string
  welcome?: boolean
  reason?: string
}

/** The person opens the chat. The session stays what it was: entering alone is not writing (W:94698). */
export function enterChat(stage: Stage, person: Person, url: string): Entered {
  const link = readLink(stage.world, url)
  if ('altered' in link) return { entered: false, event: false, reason: link.altered }
  const { way, sceneParam } = link
  const now = stage.now()
  const chat = openChat(stage.world, way.openKfId, person.externalUserid)
  const welcome = deservesWelcome(chat, now) && !stage.world.settings.nativeKfWelcome
  chat.entry = { at: now, scene: way.scene, sceneParam }
  appendEvent(stage, way.openKfId, {
    event_type: 'enter_session',
    external_userid: person.externalUserid,
    scene: way.scene,
    ...(sceneParam === '' ? {} : { scene_param: sceneParam }),
    ...(welcome ? { welcome_code: issueCode(stage, chat, 'enter') } : {}),
  })
  return { entered: true, event: true, openKfId: way.openKfId, welcome }
}
