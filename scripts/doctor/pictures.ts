import type { Config } from '../../server/config.ts'
import { openObjects } from '../../server/house/objects.ts'
import { ObjectsFailed, type Objects } from '../../server/lib/objects.ts'
import { randomToken } from '../../server/lib/secrets.ts'
import { fail, ok, type Finding, type Words } from './report.ts'

const PICTURES: Words = ['图片存储', 'store of pictures']

/** Whether pictures can be kept, shown and taken away: by one file of ours, which is gone afterwards. */
export async function examinePictures(config: Config): Promise<Finding> {
  const { s3, folder } = config.media
  try {
    return (await keeps(openObjects(config)))
      ? ok(PICTURES, ['可以写入、读取和删除', 'can be written, read and emptied'])
      : fail(PICTURES, ['写入后读不回来', 'does not give back what it took'], s3 ? BUCKET : FOLDER)
  } catch (error) {
    if (!(error instanceof ObjectsFailed)) throw error
    const { reason } = error
    return s3
      ? fail(PICTURES, [`对象存储：${reason}`, `S3: ${reason}`], BUCKET)
      : fail(PICTURES, [`${folder} 不能使用：${reason}`, `${folder}: ${reason}`], FOLDER)
  }
}

async function keeps(objects: Objects): Promise<boolean> {
  const name = `probe-${randomToken(128)}`
  const probe = Buffer.from(name)
  await objects.put(name, probe)
  const found = await objects.get(name)
  await objects.list()[Symbol.asyncIterator]().next()
  await objects.remove(name)
  return found?.equals(probe) === true && (await objects.get(name)) === undefined
}

const FOLDER: Words = [
  '让运行服务的账号能写 DATA_DIR/media，并检查磁盘空间',
  'let the account of the server write DATA_DIR/media, and look at the space left',
]
const BUCKET: Words = [
  '检查 MEDIA_S3_*：存储桶要已经建好，密钥要能读、写、列出和删除（SignatureDoesNotMatch 密钥不对，NoSuchBucket 没有这个存储桶，AccessDenied 没有权限）',
  'check MEDIA_S3_*: the bucket must be there, and the key may read, write, list and delete (SignatureDoesNotMatch: wrong secret, NoSuchBucket, AccessDenied: not allowed)',
]
