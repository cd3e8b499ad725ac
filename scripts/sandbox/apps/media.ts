import { refusal } from '../base/errcodes.ts'
import type { Stage } from '../world/stage.ts'
import type { WecomCall } from './endpoint.ts'

export const MEDIA_SECONDS = 3 * 86_400
const MIN_BYTES = 6
export const MB = 1024 * 1024
const limits: Record<string, number> = {
  image: 10 * MB,
  voice: 2 * MB,
  video: 10 * MB,
  file: 20 * MB,
}

export const isJpeg = (bytes: Buffer): boolean =>
  bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))
export const isPng = (bytes: Buffer): boolean =>
  bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))

type Upload = { filename: string; bytes: Buffer }

/** The multipart is read by Node's own parser: it keeps the file in memory, so nothing is left in a temp folder. */
export async function readUpload(
  { raw, contentType }: Pick<WecomCall, 'raw' | 'contentType'>,
  missing = 44001,
): Promise<Upload> {
  if (!contentType.toLowerCase().startsWith('multipart/form-data'))
    throw refusal(missing, 'not multipart/form-data')
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => null)
  const media = form?.get('media')
  if (media === null || media === undefined || typeof media === 'string')
    throw refusal(missing, 'no file part named media')
  if (media.name === '') throw refusal(missing, 'the part has no filename')
  return { filename: media.name, bytes: Buffer.from(await media.arrayBuffer()) }
}

/** POST media/upload?type= (W:90253): the media_id lives 3 days and is shared by all apps of the company. */
export async function uploadMedia(stage: Stage, call: WecomCall): Promise<Record<string, unknown>> {
  const type = call.query['type'] ?? ''
  const limit = Object.hasOwn(limits, type) ? limits[type] : undefined
  if (limit === undefined) throw refusal(40004, 'type must be image, voice, video or file')
  const { filename, bytes } = await readUpload(call)
  if (bytes.length < MIN_BYTES || bytes.length > limit)
    throw refusal(40006, `${bytes.length} bytes`)
  if (type === 'image' && !isJpeg(bytes) && !isPng(bytes))
    throw refusal(40005, 'an image must be JPG or PNG')
  const mediaId = `3${stage.makeId(63)}`
  const createdAt = stage.now()
  stage.world.media[mediaId] = { type, filename, bytes: bytes.length, createdAt }
  // created_at really is a string
  return { type, media_id: mediaId, created_at: String(createdAt) }
}

export function requireMedia(stage: Stage, mediaId: string, type: string): void {
  const known = stage.world.media
  const media = Object.hasOwn(known, mediaId) ? known[mediaId] : undefined
  if (media === undefined || stage.now() - media.createdAt > MEDIA_SECONDS) throw refusal(40007)
  if (media.type !== type) throw refusal(40007, `is ${media.type}, not ${type}`)
}
