import { S3mini } from 's3mini'
import { checkName, ObjectsFailed, type Objects } from '../../lib/objects.ts'

export type S3Config = {
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

const CALL_MS = 20_000
const PAGE = 1_000

/**
 * Objects in a bucket of any store that speaks S3, all below `prefix`
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html).
 */
export function createS3Objects({ endpoint, bucket, ...keys }: S3Config, prefix: string): Objects {
  const s3 = new S3mini({
    ...keys,
    endpoint: toAddress(endpoint, bucket),
    requestAbortTimeout: CALL_MS,
  })
  const keyOf = (name: string): string => `${prefix}/${checkName(name)}`
  return {
    put: async (name, bytes) => void (await failing(s3.putObject(keyOf(name), bytes))),
    get: async (name) => {
      const found = await failing(s3.getObjectArrayBuffer(keyOf(name)))
      return found === null ? undefined : Buffer.from(found)
    },
    remove: async (name) => void (await failing(s3.deleteObject(keyOf(name)))),
    list: () => list(s3, `${prefix}/`),
  }
}

/** Alibaba and Tencent take the bucket as the first part of the host only, MinIO as the first part of the path. */
export const toAddress = (endpoint: string, bucket: string): string =>
  new URL(endpoint).hostname.startsWith(`${bucket}.`) ? endpoint : `${endpoint}/${bucket}`

async function* list(s3: S3mini, prefix: string): AsyncGenerator<{ name: string; at: Date }> {
  let next: string | undefined
  do {
    const page = await failing(s3.listObjectsPaged('/', prefix, PAGE, next))
    if (!page?.objects) throw new ObjectsFailed('no such bucket')
    for (const { Key, LastModified } of page.objects)
      yield { name: Key.slice(prefix.length), at: LastModified }
    next = page.nextContinuationToken
  } while (next !== undefined)
}

/** What the store answers repeats the key id and what was signed: of it only the code goes on. */
const failing = <T>(calling: Promise<T>): Promise<T> =>
  calling.catch((error: unknown) => {
    throw new ObjectsFailed(codeOf(error))
  })

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'no answer'
