import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * A store that speaks as much of S3 as we ask of one, as its API reference says, and looks at every signature
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
export const S3_KEYS = {
  bucket: 'pictures',
  region: 'ap-shanghai',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
/** Fewer than we ask for: the store decides how long its pages are. */
const PAGE = 3
const CLOCKS_APART_MS = 15 * 60_000

type Signed = {
  method: string
  /** As on the wire: path, and query behind `?`. */
  url: string
  headers: Readonly<Record<string, string | undefined>>
}
type Stored = { bytes: Buffer; at: Date }

const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()
const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

/** The signature that a request must have. */
export function signatureOf(
  { method, url, headers }: Signed,
  {
    secret,
    day,
    region,
    signedHeaders,
  }: Record<'secret' | 'day' | 'region' | 'signedHeaders', string>,
): string {
  const [path = '', query = ''] = url.split('?')
  const sorted = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort()
  const canonical = [
    method,
    path,
    sorted.join('&'),
    ...signedHeaders.split(';').map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    signedHeaders,
    headers['x-amz-content-sha256'],
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secret}`)
  return hmac(key, toSign).toString('hex')
}

/** The code with which it is refused, if it is. */
function findFault(signed: Signed, body: Buffer, now: Date): [number, string] | undefined {
  const { headers } = signed
  const said = AUTHORIZATION.exec(headers['authorization'] ?? '')
  if (!said) return [403, 'AccessDenied']
  const [, keyId, day = '', region = '', signedHeaders = '', signature = ''] = said
  if (keyId !== S3_KEYS.accessKeyId) return [403, 'InvalidAccessKeyId']
  const date = headers['x-amz-date'] ?? ''
  const at = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(now.getTime() - at) < CLOCKS_APART_MS)) return [403, 'RequestTimeTooSkewed']
  if (!signedHeaders.split(';').includes('host') || !date.startsWith(day))
    return [403, 'AccessDenied']
  if (region !== S3_KEYS.region) return [400, 'AuthorizationHeaderMalformed']
  const sum = headers['x-amz-content-sha256']
  if (sum !== 'UNSIGNED-PAYLOAD' && sum !== hash(body)) return [400, 'XAmzContentSHA256Mismatch']
  const secret = S3_KEYS.secretAccessKey
  const expected = signatureOf(signed, { secret, day, region, signedHeaders })
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
    ? undefined
    : [403, 'SignatureDoesNotMatch']
}

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

/** `now` is the store's clock. */
export async function startS3({ now = () => new Date() }: { now?: () => Date } = {}) {
  const stored = new Map<string, Stored>()
  const server = createServer((request, response) => void serve(request, response))

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    const body = await buffer(request)
    const headers = request.headers as Record<string, string>
    const fault = findFault({ method, url, headers }, body, now())
    if (fault) return refuse(response, ...fault)
    const { pathname, searchParams } = new URL(url, 'http://s3')
    const [, bucket, ...rest] = decodeURIComponent(pathname).split('/')
    if (bucket !== S3_KEYS.bucket) return refuse(response, 404, 'NoSuchBucket')
    const key = rest.join('/')
    if (key === '' && method === 'GET') return sendList(response, searchParams)
    act(response, { method, key, body })
  }

  function act(
    response: ServerResponse,
    { method, key, body }: { method: string; key: string; body: Buffer },
  ): void {
    const found = stored.get(key)
    switch (method) {
      case 'PUT':
        stored.set(key, { bytes: body, at: now() })
        return void response.writeHead(200, { etag: `"${hash(body)}"` }).end()
      case 'GET':
        if (!found) return refuse(response, 404, 'NoSuchKey')
        return void response.writeHead(200).end(found.bytes)
      case 'DELETE':
        stored.delete(key)
        return void response.writeHead(204).end()
      default:
        return refuse(response, 405, 'MethodNotAllowed')
    }
  }

  function sendList(response: ServerResponse, query: URLSearchParams): void {
    if (query.get('list-type') !== '2') return refuse(response, 400, 'InvalidArgument')
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
    const keys = [...stored.keys()]
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
      .sort()
    const page = keys.slice(0, Math.min(PAGE, Number(query.get('max-keys') ?? 1_000)))
    const token = Buffer.from(page.at(-1) ?? '').toString('base64')
    const contents = page.map((key) => {
      const { bytes, at } = stored.get(key)!
      return `<Contents><Key>${escape(key)}</Key><LastModified>${at.toISOString()}</LastModified><ETag>&quot;${hash(bytes)}&quot;</ETag><Size>${String(bytes.length)}</Size><StorageClass>STANDARD</StorageClass></Contents>`
    })
    const isTruncated = page.length < keys.length
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${S3_KEYS.bucket}</Name><Prefix>${escape(query.get('prefix') ?? '')}</Prefix><KeyCount>${String(page.length)}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>${String(isTruncated)}</IsTruncated>${isTruncated ? `<NextContinuationToken>${token}</NextContinuationToken>` : ''}${contents.join('')}</ListBucketResult>`,
      )
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    stored,
    stop: async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Real ones repeat in it what was signed, and with which key. */
const refuse = (response: ServerResponse, status: number, code: string): void =>
  void response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>refused</Message><AWSAccessKeyId>${S3_KEYS.accessKeyId}</AWSAccessKeyId></Error>`,
    )
