import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** Keyed hashes of one installation: each purpose has its own key, so a hash of one kind says nothing about another. */
export function createSecrets(secretKey: string) {
  const keys = new Map<string, Buffer>()
  const keyFor = (purpose: string): Buffer => {
    const known = keys.get(purpose)
    if (known) return known
    const key = Buffer.from(hkdfSync('sha256', secretKey, 'jindutong', purpose, 32))
    keys.set(purpose, key)
    return key
  }
  return {
    /** HMAC-SHA256 of `value` under the key of `purpose`: 32 bytes. */
    hmac: (purpose: string, value: string): Buffer =>
      createHmac('sha256', keyFor(purpose)).update(value).digest(),
    /**
     * A 128-bit token that can be made again from its public `id` by whoever holds the key: a retry sends the same
     * token, and the database needs to keep only its hash.
     */
    deriveToken: (purpose: string, id: string): string =>
      createHmac('sha256', keyFor(purpose))
        .update(id)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
  }
}
export type Secrets = ReturnType<typeof createSecrets>

/** SHA-256, 32 bytes; for values that are themselves random enough to need no key. */
export const sha256 = (value: string | Buffer): Buffer =>
  createHash('sha256').update(value).digest()

/** A random token of `bits` bits as base64url. */
export const randomToken = (bits: 128 | 256): string => randomBytes(bits / 8).toString('base64url')

/** Compares two texts in constant time, whatever their lengths. */
export const sameText = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))
