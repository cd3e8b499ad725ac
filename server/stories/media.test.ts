import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { createSecrets } from '../lib/secrets.ts'
import { toExpiry, toSigned, type Size } from '../features/media/media.rules.ts'
import { addJob } from '../test/job-desk.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { memberBrowsers } from '../test/member-browser.ts'
import { SVG, takePhoto, toBomb, toPng, toPolyglot } from '../test/pictures.ts'
import { ADMIN_KEY, dataDirOf, useTown } from '../test/town.ts'

const HOME = 'https://staff.example.com'
const SECRET_KEY = 'media-story-secret-key-0123456789'
const town = useTown({ PUBLIC_BASE_URL: HOME, SECRET_KEY })
const { signedIn } = memberBrowsers(town, HOME)

const photo = await takePhoto({ width: 2_400, height: 1_200 })
const ADMIN = { authorization: `Bearer ${ADMIN_KEY}` }
const DAY_MS = 24 * 60 * 60_000

type Answer = { status: number; code?: string; mediaId: string; message: string }
const formOf = (...files: Uint8Array[]): FormData => {
  const form = new FormData()
  for (const bytes of files) form.append('file', new Blob([bytes]), '我的新家.jpg')
  return form
}
async function send(body: RequestInit['body'], headers: object = ADMIN, path = '/api/admin/media') {
  const response = await fetch(`${town().address}${path}`, {
    method: 'POST',
    headers: { ...(headers as Record<string, string>) },
    body: body ?? null,
    duplex: 'half',
  } as RequestInit)
  const { error, data, message } = (await response.json()) as any
  return { status: response.status, code: error?.code, mediaId: data?.mediaId, message } as Answer
}
const upload = async (bytes: Uint8Array = photo): Promise<string> => {
  const answer = await send(formOf(bytes))
  expect(answer).toMatchObject({ status: 200, mediaId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  return answer.mediaId
}

/** As a room tells it to whom it has let see it. */
function addressOf(id: string, size: Size = 'full', now = town().clock.now()): string {
  const expiry = toExpiry(now)
  const signed = toSigned({ id, size, expiry })
  const signature = createSecrets(SECRET_KEY).hmac('media.address', signed).toString('base64url')
  return `/media/${id}/${size}?e=${String(expiry)}&s=${signature}`
}
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${town().address}${path}`, { headers })
const bytesAt = async (path: string): Promise<Buffer> =>
  Buffer.from(await (await get(path)).arrayBuffer())
const files = (): string[] =>
  readdirSync(dataDirOf(town().database.connectionString), {
    recursive: true,
    withFileTypes: true,
  }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
const filesOf = (id: string): string[] => files().filter((name) => name.startsWith(id))

describe('a picture', () => {
  test('of a customer, a member and the office is taken, and is whose it is', async () => {
    const customer = await town().people.arrive()
    await customer.signIn()
    const { cookies } = await signedIn('zhangsan')
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const bearer = { authorization: `Bearer ${customer.token}` }
    for (const [path, headers] of [
      ['/api/media', bearer],
      ['/api/staff/media', { cookie, 'x-staff-page': '1' }],
      ['/api/admin/media', ADMIN],
    ] as const)
      expect(await send(formOf(photo), headers, path)).toMatchObject({ status: 200 })
    expect(await send(formOf(photo), { cookie }, '/api/staff/media')).toMatchObject({
      status: 403,
      code: 'staff.foreign_request',
    })
    const rows = await town().db('media').orderBy('created_at')
    expect(rows.map((row) => row.account_id !== null)).toEqual([true, false, false])
    expect(rows.map((row) => row.member_userid)).toEqual([null, 'zhangsan', null])
    expect(rows.map((row) => row.key_name !== null)).toEqual([false, false, true])
  })

  test('of a member who does the work of the office is his, and of no key', async () => {
    const reason = '客服主管'
    await town().server.put('/api/admin/roles/lisi', { role: 'operator', reason }, ADMIN_KEY)
    const { cookies } = await signedIn('lisi')
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    expect(await send(formOf(photo), { cookie, 'x-staff-page': '1' })).toMatchObject({
      status: 200,
    })
    expect(await town().db('media')).toMatchObject([{ member_userid: 'lisi', key_name: null }])
  })

  test('is got at its address, in both sizes, as a picture and nothing else', async () => {
    const id = await upload()
    for (const [size, width] of [
      ['full', 2_000],
      ['thumb', 480],
    ] as const) {
      const answer = await get(addressOf(id, size))
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/jpeg',
        'content-disposition': 'inline',
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': expect.stringMatching(/^private, max-age=\d{3}$/),
        etag: expect.any(String),
      })
      const maxAge = Number(answer.headers.get('cache-control')!.split('=')[1])
      expect(maxAge).toBeGreaterThan(590)
      expect(maxAge).toBeLessThanOrEqual(900)
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width })
    }
  })

  test('shows nothing of where it was taken, and is no page', async () => {
    const told = await bytesAt(addressOf(await upload(photo)))
    expect((await sharp(told).metadata()).exif).toBeUndefined()
    expect((await bytesAt(addressOf(await upload(await toPolyglot())))).includes('<script>')).toBe(
      false,
    )
  })

  test('that one has already is not sent again', async () => {
    const path = addressOf(await upload())
    const tag = (await get(path)).headers.get('etag')!
    const again = await get(path, { 'if-none-match': tag })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await get(path, { 'if-none-match': '"another"' })).status).toBe(200)
  })

  test('whose file is lost is not there', async () => {
    const { db } = town()
    const id = await upload()
    await db('media').update({ id: '0f8fad5b-d9cb-469f-a165-70867728950e' })
    expect((await get(addressOf('0f8fad5b-d9cb-469f-a165-70867728950e'))).status).toBe(404)
    expect((await get(addressOf(id))).status).toBe(404)
  })
})

describe('an address that is not ours opens nothing, and says nothing', () => {
  async function expectNothing(path: string): Promise<void> {
    const answer = await get(path)
    const body = (await answer.json()) as { error: { code: string } }
    expect([path, answer.status, body.error.code]).toEqual([path, 404, 'request.unknown_route'])
  }

  test('forged, of another size, another picture, another end, or twice', async () => {
    const [id, other] = [await upload(), await upload()]
    const path = addressOf(id)
    const [, e = '', s = ''] = /e=(\d+)&s=(.+)$/.exec(path) ?? []
    for (const wrong of [
      `/media/${id}/full`,
      `/media/${id}/full?e=${e}`,
      `/media/${id}/full?e=${e}&s=`,
      `/media/${id}/full?e=${e}&s=${'A'.repeat(s.length)}`,
      `/media/${id}/full?e=${e}&s=${s}A`,
      `/media/${id}/full?e=${e}&s=${s}&s=${s}`,
      `/media/${id}/full?e=${String(Number(e) + 300)}&s=${s}`,
      `/media/${id}/thumb?e=${e}&s=${s}`,
      `/media/${id}/huge?e=${e}&s=${s}`,
      `/media/${other}/full?e=${e}&s=${s}`,
      `/media/${id.toUpperCase()}/full?e=${e}&s=${s}`,
      addressOf('0f8fad5b-d9cb-469f-a165-70867728950e'),
    ])
      await expectNothing(wrong)
    expect((await get(path)).status).toBe(200)
  })

  test('names of other files, however they are written', async () => {
    const expiry = toExpiry(town().clock.now())
    for (const id of ['..%2f..%2f..%2fetc%2fpasswd', '%2e%2e', '..%5c..%5csecret.key', '%00']) {
      const signed = toSigned({ id: decodeURIComponent(id), size: 'full', expiry })
      const s = createSecrets(SECRET_KEY).hmac('media.address', signed).toString('base64url')
      await expectNothing(`/media/${id}/full?e=${String(expiry)}&s=${s}`)
    }
  })

  test('over: after a quarter of an hour at the latest', async () => {
    const id = await upload()
    const ago = (minutes: number) => new Date(town().clock.now().getTime() - minutes * 60_000)
    expect((await get(addressOf(id, 'full', ago(9)))).status).toBe(200)
    await expectNothing(addressOf(id, 'full', ago(15)))
  })

  test('and no line of the log has the signature', async () => {
    const path = addressOf(await upload())
    await get(path)
    await get(`${path}A`)
    const signature = path.split('s=')[1]!
    expect(town().lines.filter((line) => line.includes(signature.slice(0, 20)))).toEqual([])
  })
})

describe('what is refused, with what to do', () => {
  const truncated = photo.subarray(0, photo.length / 2)
  const boundary = 'multipart/form-data; boundary=line'
  test.each<[string, () => Promise<Answer>, number, string]>([
    ['SVG', () => send(formOf(SVG)), 400, 'media.not_a_picture'],
    ['half a picture', () => send(formOf(truncated)), 400, 'media.not_a_picture'],
    ['an empty file', () => send(formOf(new Uint8Array())), 400, 'media.not_a_picture'],
    ['20000 x 20000', () => send(formOf(toBomb())), 400, 'media.too_many_pixels'],
    ['11 MB', () => send(formOf(new Uint8Array(11 * 2 ** 20))), 413, 'media.too_large'],
    ['two files', () => send(formOf(photo, photo)), 400, 'request.multipart'],
    ['no file', () => send(formOf()), 400, 'request.multipart'],
    [
      'a picture that is no form',
      () => send(photo, { ...ADMIN, 'content-type': 'image/jpeg' }),
      400,
      'request.multipart',
    ],
    [
      'a form that is none',
      () => send(photo, { ...ADMIN, 'content-type': boundary }),
      400,
      'request.multipart',
    ],
    [
      'a form in JSON',
      () => send('{}', { ...ADMIN, 'content-type': 'application/json' }),
      400,
      'request.multipart',
    ],
  ])('%s', async (_, sending, status, code) => {
    const before = files().length
    expect(await sending()).toMatchObject({
      status,
      code,
      message: expect.stringMatching(/^[^{}]*[\u4e00-\u9fff][^{}]*$/),
    })
    expect(files()).toHaveLength(before)
    expect(await town().db('media')).toEqual([])
    await upload()
  })

  test('ten at once: one is taken at a time, and who waits for nothing is told', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(formOf(photo))))
    const codes = answers.map(({ status, code }) => code ?? status)
    expect(codes).toContain(200)
    expect(codes.filter((code) => code !== 200 && code !== 'media.busy')).toEqual([])
    expect(codes).toContain('media.busy')
    expect(await town().db('media')).toHaveLength(codes.filter((code) => code === 200).length)
  })

  test('a customer who uploads without end', async () => {
    const customer = await town().people.arrive()
    await customer.signIn()
    const bearer = { authorization: `Bearer ${customer.token}` }
    const small = await toPng({ width: 8, height: 8 })
    for (let at = 0; at < 60; at += 1)
      expect(await send(formOf(small), bearer, '/api/media')).toMatchObject({ status: 200 })
    expect(await send(formOf(small), bearer, '/api/media')).toMatchObject({
      status: 429,
      code: 'media.too_many',
    })
  })
})

describe('what goes, goes with its files', () => {
  test('pictures of who is erased, at once and for good', async () => {
    const { people, settle, server, db } = town()
    const person = await people.arrive()
    await people.load('SO-PICTURE', person.phone)
    await people.add('zhangsan', person.phone)
    await settle()
    await bindByCode(town(), person)
    const bearer = { authorization: `Bearer ${person.token}` }
    const { mediaId } = await send(formOf(photo), bearer, '/api/media')
    const others = await upload()
    const [row] = await db('customer_accounts')
    const path = `/api/admin/customers/${String(row.customer_id)}`
    expect(
      (await server.get(`${path}/export`, ADMIN_KEY)).body.data.sections.find(
        ({ title }: { title: string }) => title === '上传的图片',
      ),
    ).toMatchObject({ rows: [{ width: 2_000, height: 1_000 }] })
    const body = { reason: '本人书面申请' }
    await server.post(`${path}/erase`, { ...body, dryRun: true }, ADMIN_KEY)
    await settle()
    expect(filesOf(mediaId)).toHaveLength(2)
    const { status, body: erased } = await server.post(`${path}/erase`, body, ADMIN_KEY)
    expect([status, erased.data.counts]).toMatchObject([200, { media: 1 }])
    expect((await get(addressOf(mediaId))).status).toBe(404)
    await settle()
    expect(filesOf(mediaId)).toEqual([])
    expect((await get(addressOf(others))).status).toBe(200)
  })

  test('what belongs to nothing after a day, and files without a picture', async () => {
    const { clock, db, settle } = town()
    const [loose, stray] = [await upload(), await upload()]
    await db('media').where({ id: stray }).delete()
    expect((await get(addressOf(stray))).status).toBe(404)
    clock.advance(DAY_MS + 1_000)
    expect((await get(addressOf(loose))).status).toBe(200)
    await addJob(db, 'media.tidy')
    await addJob(db, 'media.sweep')
    await settle()
    expect((await get(addressOf(loose))).status).toBe(404)
    expect([filesOf(loose), filesOf(stray)]).toEqual([[], []])
    expect(await db('media')).toEqual([])
  })
})
