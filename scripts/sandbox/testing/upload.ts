import { sandboxCredentials } from '../base/credentials.ts'
import type { Json, Kit } from './kit.ts'

export const pngBytes = Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex')

export const jpegBytes = Buffer.from('ffd8ffe000104a46494600010100', 'hex')

const { contactSecret } = sandboxCredentials

/** One file in a form, as a browser would send it. */
export async function postFile(url: string, bytes: Buffer, field = 'media'): Promise<Json> {
  const form = new FormData()
  form.set(field, new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'card.png')
  const response = await fetch(url, { method: 'POST', body: form })
  return (await response.json()) as Json
}

type Upload = { type: string; bytes: Buffer; field?: string; secret?: string }

export async function upload(
  kit: Kit,
  { type, bytes, field = 'media', secret = contactSecret }: Upload,
): Promise<Json> {
  return postFile(
    `${kit.sandbox.url}/wecom/cgi-bin/media/upload?type=${type}&access_token=${await kit.token(secret)}`,
    bytes,
    field,
  )
}

export const uploadImage = async (kit: Kit): Promise<string> =>
  String((await upload(kit, { type: 'image', bytes: pngBytes }))['media_id'])
