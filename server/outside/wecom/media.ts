import { OutsideError } from '../../lib/http-client.ts'
import type { WecomCall } from './wecom.call.ts'
import { text } from './wecom.read.ts'

interface Image {
  /** ASCII. */
  filename: string
  contentType: 'image/png' | 'image/jpeg'
  /** More than 5 bytes, at most 10 MB. */
  bytes: Uint8Array
}

/** Temporary files, shared by all apps of the corp. Throws WecomError and OutsideError. */
export function createMedia(call: WecomCall) {
  return { uploadImage }

  /** A media id, valid for three days from `createdAt`. https://developer.work.weixin.qq.com/document/path/90253 */
  async function uploadImage(image: Image): Promise<{ mediaId: string; createdAt: Date }> {
    const path = '/cgi-bin/media/upload'
    const answer = await call.upload(path, { type: 'image' }, { field: 'media', ...image })
    const mediaId = text(answer, 'media_id')
    if (mediaId === undefined)
      throw new OutsideError('bad_response', {
        endpoint: `POST ${path}`,
        sent: true,
        reason: 'no media_id',
      })
    // The one time the platform gives as text.
    return { mediaId, createdAt: new Date(Number(answer['created_at']) * 1000) }
  }
}
