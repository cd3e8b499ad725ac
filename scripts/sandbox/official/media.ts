import type { WeixinCall } from '../apps/endpoint.ts'
import { isJpeg, isPng, MB, MEDIA_SECONDS, readUpload } from '../apps/media.ts'
import { refusal } from '../base/errcodes.ts'
import type { Stage } from '../world/stage.ts'

type Owner = 'mini' | 'official'
type Kind = { most: number; fits?: (bytes: Buffer) => boolean }

const isGif = (bytes: Buffer): boolean => bytes.subarray(0, 4).toString('latin1') === 'GIF8'
/** Sound and film are taken as they are. */
const KINDS: Record<string, Kind> = {
  image: { most: 10 * MB, fits: (bytes) => isJpeg(bytes) || isPng(bytes) || isGif(bytes) },
  voice: { most: 2 * MB },
  video: { most: 10 * MB },
  thumb: { most: 64 * 1024, fits: isJpeg },
}

const ownerOf = (stage: Stage, { query }: WeixinCall): Owner =>
  stage.world.tokens[query['access_token'] ?? '']?.kind.startsWith('official') ? 'official' : 'mini'

/** POST cgi-bin/media/upload?type= (M: 新增临时素材): three days, for the account whose token it was; a thumb's id has a name of its own. */
export async function uploadTemporary(
  stage: Stage,
  call: WeixinCall,
): Promise<Record<string, unknown>> {
  const type = call.query['type'] ?? ''
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined
  if (kind === undefined) throw refusal(40004, 'type must be image, voice, video or thumb')
  const { filename, bytes } = await readUpload(call, 41005)
  if (bytes.length === 0) throw refusal(44001)
  if (bytes.length > kind.most) throw refusal(40006, `${bytes.length} bytes`)
  if (kind.fits?.(bytes) === false)
    throw refusal(
      40005,
      type === 'thumb' ? 'a thumb must be JPG' : 'an image must be JPG, PNG or GIF',
    )
  const mediaId = stage.makeId(64)
  const createdAt = stage.now()
  stage.world.weixinMedia[mediaId] = {
    owner: ownerOf(stage, call),
    type,
    filename,
    bytes: bytes.length,
    createdAt,
  }
  // a number here, though WeCom has a string
  return {
    type,
    [type === 'thumb' ? 'thumb_media_id' : 'media_id']: mediaId,
    created_at: createdAt,
  }
}

/** Media of another account are as unknown as invented ones. */
export function requireOwn(
  stage: Stage,
  mediaId: string,
  { owner, types }: { owner: Owner; types: readonly string[] },
): void {
  const media = Object.hasOwn(stage.world.weixinMedia, mediaId)
    ? stage.world.weixinMedia[mediaId]
    : undefined
  if (media === undefined || media.owner !== owner || stage.now() - media.createdAt > MEDIA_SECONDS)
    throw refusal(40007)
  if (!types.includes(media.type))
    throw refusal(40007, `is ${media.type}, not ${types.join(' or ')}`)
}
