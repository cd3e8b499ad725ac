import path from 'node:path'
import * as v from 'valibot'
import { missingOf, need, url } from '../lib/environment.ts'

/** Where pictures lie: in DATA_DIR, or in a bucket of a store that speaks S3. */
export const mediaVariables = v.object({
  MEDIA_S3_ENDPOINT: v.optional(url),
  MEDIA_S3_BUCKET: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
    ),
  ),
  MEDIA_S3_REGION: v.optional(need),
  MEDIA_S3_ACCESS_KEY_ID: v.optional(need),
  MEDIA_S3_SECRET_ACCESS_KEY: v.optional(need),
})
type Variables = v.InferOutput<typeof mediaVariables>

export const mediaWhy = {
  MEDIA_S3_ENDPOINT: 'address of the store, e.g. https://cos.ap-shanghai.myqcloud.com',
  MEDIA_S3_BUCKET: 'the bucket, which nobody may read without a key',
  MEDIA_S3_REGION: 'its region, as the store calls it',
  MEDIA_S3_ACCESS_KEY_ID: 'id of a key that may write, read, delete and list in that bucket',
  MEDIA_S3_SECRET_ACCESS_KEY: 'the secret of that key',
}
type Needed = Record<keyof typeof mediaWhy, string>

export function findMediaProblems(env: Variables): string[] {
  const missing = missingOf(env, { called: 'MEDIA_S3_*', needs: mediaWhy })
  return missing.length < Object.keys(mediaWhy).length ? missing : []
}

const has = (env: Variables): env is Needed =>
  missingOf(env, { called: 'MEDIA_S3_*', needs: mediaWhy }).length === 0

/** `s3` is null while pictures lie in `folder`. */
export const toMedia = (env: Variables, dataDir: string) => ({
  folder: path.resolve(dataDir, 'media'),
  s3: has(env)
    ? {
        endpoint: env.MEDIA_S3_ENDPOINT,
        bucket: env.MEDIA_S3_BUCKET,
        region: env.MEDIA_S3_REGION,
        accessKeyId: env.MEDIA_S3_ACCESS_KEY_ID,
        secretAccessKey: env.MEDIA_S3_SECRET_ACCESS_KEY,
      }
    : null,
})
