import { MediaTaken } from '../../../shared/api/media.ts'
import { Router } from '@koa/router'
import type Koa from 'koa'
import type { Refusals } from '../../http/errors.ts'
import { takeOneFile } from '../../http/one-file.ts'
import {
  uploadRoute,
  type Customer,
  type Member,
  type Officer,
  type PlainRoute,
  type Route,
  type Upload,
} from '../../http/route.ts'
import type { Media, Uploader } from './media.ts'

const MOST_BYTES = 10 * 1024 * 1024
const CLOSE = { Connection: 'close' }

const REFUSED = {
  multipart: [
    400,
    'request.multipart',
    '请用 multipart/form-data 上传，只带一个文件，不带其他字段',
    CLOSE,
  ],
  too_large: [413, 'media.too_large', '图片超过 10 MB，请压缩后再传', CLOSE],
  not_a_picture: [
    400,
    'media.not_a_picture',
    '打不开这张图片，请换一张完整的 JPG、PNG 或 WebP 图片（不支持 HEIC、GIF、SVG）',
  ],
  too_many_pixels: [
    400,
    'media.too_many_pixels',
    '图片尺寸太大，请缩小后再传（JPG 最多 5200 万像素，PNG 和 WebP 最多 2500 万）',
  ],
  too_many: [429, 'media.too_many', '24 小时内上传的图片太多了，请明天再传'],
  busy: [429, 'media.busy', '上一张图片还在上传，请等它传完再传下一张', { 'Retry-After': '2' }],
  unavailable: [503, 'media.unavailable', '图片暂时无法保存，请稍后再试', { 'Retry-After': '30' }],
} satisfies Refusals

const SPEC = {
  method: 'post',
  takes: ['multipart/form-data'],
  data: MediaTaken,
  refusals: REFUSED,
} as const

/** A picture of a customer, of a member, or of the office; what it belongs to is said by the next request. */
export const createMediaRoutes = (media: Media): Route[] => [
  uploadRoute(
    {
      ...SPEC,
      path: '/api/media',
      who: 'customer',
      summary: 'Upload a picture: JPEG, PNG or WebP',
    },
    ({ caller, upload }) => take(media, byOf(caller), upload),
  ),
  uploadRoute(
    { ...SPEC, path: '/api/staff/media', who: 'staff', summary: 'The same, for members' },
    ({ caller, upload }) => take(media, byOf(caller), upload),
  ),
  uploadRoute(
    { ...SPEC, path: '/api/admin/media', who: 'operator', summary: 'The same, for the office' },
    ({ caller, upload }) => take(media, byOf(caller), upload),
  ),
]

function byOf(caller: Customer | Member | Officer): Uploader {
  if (caller.kind === 'customer') return { accountId: caller.accountId }
  if (caller.kind === 'staff') return { memberUserId: caller.userId }
  return caller.via === 'member' ? { memberUserId: caller.name } : { keyName: caller.name }
}

async function take(media: Media, by: Uploader, upload: Upload) {
  const taken = await media.upload(by, () => takeOneFile(upload, MOST_BYTES))
  return taken.kind === 'taken' ? { data: { mediaId: taken.mediaId } } : { refused: taken.reason }
}

/** The pictures themselves, for whoever was told their address. */
export function createMediaPages(media: Media): { router: Router; pages: readonly PlainRoute[] } {
  const router = new Router()
  const page: PlainRoute = {
    path: '/media/{id}/{size}',
    params: { id: 'mediaId', size: 'full or thumb' },
    summary:
      'A picture, at an address that an answer has told, with its query; for a quarter of an hour',
    type: 'image/jpeg',
    answers: {
      200: 'the picture',
      304: 'it is still the same (If-None-Match)',
      404: 'the address is not ours or over, or the picture is there no more',
      500: 'the store does not answer',
      503: 'the database does not answer',
    },
    handle: (ctx) => send(ctx, media),
  }
  router.get('/media/:id/:size', page.handle)
  return { router, pages: [page] }
}

const one = (value: string | string[] | undefined): string =>
  typeof value === 'string' ? value : ''

/** What is not to be had is not told apart: nothing is answered, which is 404. */
async function send(ctx: Koa.Context, media: Media): Promise<void> {
  const { id = '', size = '' } = ctx['params'] as Record<string, string>
  const { e, s } = ctx.query
  const found = await media.find({ id, size, expiry: one(e), signature: one(s) })
  if (!found) return
  ctx.status = 200
  const tag = `"${found.tag}"`
  ctx.set('ETag', tag)
  ctx.set('Cache-Control', `private, max-age=${String(found.leftSeconds)}`)
  ctx.set('Content-Security-Policy', "sandbox; default-src 'none'")
  ctx.set('Content-Disposition', 'inline')
  // A browser that asks so says also that it wants no copy of its own: it is compared here.
  if (ctx.get('If-None-Match') === tag) return void (ctx.status = 304)
  const bytes = await found.read()
  if (!bytes) return void (ctx.status = 404)
  ctx.type = 'image/jpeg'
  ctx.body = bytes
}
