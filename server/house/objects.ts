import path from 'node:path'
import type { Config } from '../config.ts'
import { createDiskObjects } from '../lib/disk-objects.ts'
import type { Objects } from '../lib/objects.ts'
import { createSecrets } from '../lib/secrets.ts'
import { createS3Objects } from '../outside/s3/s3.ts'

/**
 * The store of this installation. Each secret key has a place of its own: two installations in one folder or bucket would
 * take the other's files for what a crash has left.
 */
export function openObjects({ media, secretKey }: Pick<Config, 'media' | 'secretKey'>): Objects {
  const place = createSecrets(secretKey).hmac('media.place', '').toString('hex').slice(0, 12)
  return media.s3
    ? createS3Objects(media.s3, place)
    : createDiskObjects(path.join(media.folder, place))
}
