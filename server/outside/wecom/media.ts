import { OutsideError, type JsonObject } from '../../lib/http-client.ts'
import type { WecomCall } from './wecom.call.ts'
import { isRefusal, WecomError } from './wecom.errors.ts'
import { text } from './wecom.read.ts'

interface Image {
  /** ASCII. */
  filename: string
  contentType: 'image/png' | 'image/jpeg'
  /** More than 5 bytes, at most 10 MB. */
  bytes: Uint8Array
}

/** `refused`: this picture, or that this app uploads any; it does not pass. */
export type Uploaded =
  { kind: 'kept'; mediaId: string; createdAt: Date } | { kind: 'refused'; errcode: number }

/** Temporary files, shared by all apps of the corp. */
export function createMedia(call: WecomCall) {
  return { uploadImage }

  /**
   * A media id, valid for three days from `createdAt`. Throws WecomError and OutsideError when another try may be answered
   * otherwise. https://developer.work.weixin.qq.com/document/path/90253
   */
  async function uploadImage(image: Image): Promise<Uploaded> {
    const path = '/cgi-bin/media/upload'
    const answer = await takeRefusal(
      call.upload(path, { type: 'image' }, { field: 'media', ...image }),
    )
    if (answer instanceof WecomError) return { kind: 'refused', errcode: answer.errcode }
    const mediaId = text(answer, 'media_id')
    if (mediaId === undefined)
      throw new OutsideError('bad_response', {
        endpoint: `POST ${path}`,
        sent: true,
        reason: 'no media_id',
      })
    // The one time the platform gives as text.
    return { kind: 'kept', mediaId, createdAt: new Date(Number(answer['created_at']) * 1000) }
  }
}

const takeRefusal = (answer: Promise<JsonObject>): Promise<JsonObject | WecomError> =>
  answer.catch((error: unknown) => {
    if (isRefusal(error)) return error
    throw error
  })
