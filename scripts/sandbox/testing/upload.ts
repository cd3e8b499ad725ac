import { sandboxCredentials } from '../credentials.ts'
import type { Json, Kit } from './kit.ts'

export const pngBytes = Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex')

const { contactSecret } = sandboxCredentials

export async function upload(
  kit: Kit,
  type: string,
  bytes: Buffer,
  field = 'media',
  secret: string = contactSecret,
): Promise<Json> {
  const form = new FormData()
  form.set(field, new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'card.png')
  const path = `/wecom/cgi-bin/media/upload?type=${type}&access_token=${await kit.token(secret)}`
  const response = await fetch(kit.sandbox.url + path, { method: 'POST', body: form })
  return (await response.json()) as Json
}

export const uploadImage = async (kit: Kit): Promise<string> => String((await upload(kit, 'image', pngBytes))['media_id'])
