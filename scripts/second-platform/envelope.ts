import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

type Keys = { token: string; encodingAesKey: string; receiveId: string }

/** Facts 1.1: sha1 of the sorted parts, AES-256-CBC, padding to 32 bytes, length in bytes. */
export function createEnvelope({ token, encodingAesKey, receiveId }: Keys) {
  const key = Buffer.from(encodingAesKey + '=', 'base64')
  const iv = key.subarray(0, 16)
  return { sign, encrypt, decrypt }

  function sign(...parts: string[]): string {
    return createHash('sha1')
      .update([token, ...parts].sort().join(''))
      .digest('hex')
  }

  function encrypt(message: string): string {
    const bytes = Buffer.from(message, 'utf8')
    const size = Buffer.allocUnsafe(4)
    size.writeUInt32BE(bytes.length)
    const plain = Buffer.concat([randomBytes(16), size, bytes, Buffer.from(receiveId)])
    const gap = 32 - (plain.length % 32)
    const cipher = createCipheriv('aes-256-cbc', key, iv)
    cipher.setAutoPadding(false)
    return (
      cipher.update(Buffer.concat([plain, Buffer.alloc(gap, gap)]), undefined, 'base64') +
      cipher.final('base64')
    )
  }

  function decrypt(text: string): string {
    const decipher = createDecipheriv('aes-256-cbc', key, iv)
    decipher.setAutoPadding(false)
    const padded = Buffer.concat([decipher.update(text, 'base64'), decipher.final()])
    const plain = padded.subarray(0, padded.length - (padded.at(-1) ?? 0))
    const end = 20 + plain.readUInt32BE(16)
    if (plain.toString('utf8', end) !== receiveId)
      throw new Error('the reply is sealed for somebody else')
    return plain.toString('utf8', 20, end)
  }
}
