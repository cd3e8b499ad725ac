import { generateKeyPairSync, sign } from 'node:crypto'

const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  utf8: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
  address: 0x87,
  version: 0xa0,
  extensions: 0xa3,
}
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex')
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const OTHER_NAMES = Buffer.from('0603551d11', 'hex')
const DAY_MS = 86_400_000

/** One DER value: its tag, its length, what is in it. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...parts)
const bits = (content: Uint8Array): Buffer => der(TAG.bits, Buffer.of(0), content)
const time = (at: number): Buffer =>
  der(
    TAG.time,
    Buffer.from(
      `${new Date(at)
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  )
const toPem = (content: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${content.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`

/** A certificate for 127.0.0.1 that signs itself, good for a day; made here, because not every machine has openssl. */
export function makeCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(ECDSA_WITH_SHA256)
  const name = sequence(
    der(TAG.set, sequence(COMMON_NAME, der(TAG.utf8, Buffer.from('127.0.0.1')))),
  )
  const address = sequence(
    OTHER_NAMES,
    der(TAG.octets, sequence(der(TAG.address, Buffer.of(127, 0, 0, 1)))),
  )
  const body = sequence(
    der(TAG.version, der(TAG.integer, Buffer.of(2))),
    der(TAG.integer, Buffer.of(1)),
    algorithm,
    name,
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(TAG.extensions, sequence(address)),
  )
  const cert = toPem(sequence(body, algorithm, bits(sign('sha256', body, privateKey))))
  return { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert }
}
