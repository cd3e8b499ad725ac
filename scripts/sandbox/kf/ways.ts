import { byteLength, optional, record, text } from '../base/check.ts'
import type { Stage } from '../world/stage.ts'
import type { KfWay, World } from '../world/types.ts'
import { getAccount } from './accounts.ts'

const ORIGIN = 'https://work.weixin.qq.com'
const MAX_SCENE_PARAM_BYTES = 128

const readBody = record({
  open_kfid: text({ maxBytes: 64 }),
  scene: optional(text({ min: 0, maxBytes: 32, pattern: /^[0-9a-zA-Z_-]*$/ })),
})

/** POST kf/add_contact_way (W:94665): the same account and scene give the same link. */
export function addContactWay(stage: Stage, body: unknown): { url: string } {
  const wanted = readBody(body, 'body')
  const account = getAccount(stage.world, wanted.open_kfid)
  const scene = wanted.scene ?? ''
  let way = stage.world.kfWays.find(
    (one) => one.openKfId === account.openKfId && one.scene === scene,
  )
  if (way === undefined) {
    way = { openKfId: account.openKfId, scene, encScene: `ENC${stage.makeId(29)}` }
    stage.world.kfWays.push(way)
  }
  return { url: `${ORIGIN}/kf/${account.linkId}?enc_scene=${way.encScene}` }
}

const linkForm =
  /^https:\/\/work\.weixin\.qq\.com\/kf\/([0-9A-Za-z]+)\?enc_scene=([0-9A-Za-z]+)(?:&scene_param=([^&#]*))?$/

type ReadLink = { way: KfWay; sceneParam: string } | { altered: string }

/** The link may grow by one &scene_param= and by nothing else; anything more is altered and stays silent (W:94665). */
export function readLink(world: World, link: string): ReadLink {
  const match = linkForm.exec(link)
  if (match === null) return { altered: 'not of the form a contact way has' }
  const account = Object.values(world.kfAccounts).find((one) => one.linkId === match[1])
  const way = world.kfWays.find(
    (one) => one.encScene === match[2] && one.openKfId === account?.openKfId,
  )
  if (way === undefined) return { altered: 'enc_scene is not one of this kf account' }
  const raw = match[3]
  if (raw === undefined || raw === '') return { way, sceneParam: '' }
  if (way.scene === '') return { altered: 'scene_param on a way without scene' }
  return readParam(way, raw)
}

function readParam(way: KfWay, raw: string): ReadLink {
  // what encodeURIComponent would have encoded must arrive encoded: a bare + or / differs between decoders
  if (!/^(?:[A-Za-z0-9\-_.!~*'()]|%[0-9A-Fa-f]{2})*$/.test(raw))
    return { altered: 'scene_param is not URL-encoded' }
  let sceneParam: string
  try {
    sceneParam = decodeURIComponent(raw)
  } catch {
    return { altered: 'scene_param is not UTF-8' }
  }
  if (byteLength(sceneParam) > MAX_SCENE_PARAM_BYTES)
    return { altered: 'scene_param exceeds 128 bytes before encoding' }
  return { way, sceneParam }
}
