import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { createDiskObjects } from '../../lib/disk-objects.ts'
import type { Job } from '../../lib/jobs.ts'
import { createLog } from '../../lib/log.ts'
import { ObjectsFailed, type Objects } from '../../lib/objects.ts'
import { createPictures } from '../../lib/pictures.ts'
import { createSecrets } from '../../lib/secrets.ts'
import { spool } from '../../lib/spool.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { SVG, takePhoto, toBomb } from '../../test/pictures.ts'
import { createMedia, type Media, type Uploader } from './media.ts'

let database: TestDatabase
let media: Media
let now: Date
let ordered: Job[]
let failing: keyof Objects | undefined
let removed: string[]
const folder = mkdtempSync(path.join(os.tmpdir(), 'media-test-'))
const disk = createDiskObjects(folder)
const lines: string[] = []
const photo = await takePhoto({ width: 1_000, height: 500 })

const objects: Objects = {
  ...disk,
  put: async (name, bytes) => {
    if (failing === 'put') throw new ObjectsFailed('ENOSPC')
    await disk.put(name, bytes)
  },
  remove: async (name) => {
    if (failing === 'remove') throw new ObjectsFailed('EIO')
    removed.push(name)
    await disk.remove(name)
  },
}

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  await database.clear()
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  now = new Date()
  ordered = []
  failing = undefined
  removed = []
  lines.length = 0
  media = createMedia({
    db: database.db,
    jobs: { add: async (_, jobs) => void ordered.push(...jobs) },
    objects,
    pictures: createPictures(),
    secrets: createSecrets('media-test-secret-key-0123'),
    clock: () => now,
    log: createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
  })
})

const ZHANGSAN: Uploader = { memberUserId: 'zhangsan' }
const LISI: Uploader = { memberUserId: 'lisi' }
const ADVISOR = { kind: 'advisor', id: '7' }
const HOUR_MS = 60 * 60_000

const receive = (bytes: Buffer) => async () => ({
  kind: 'file' as const,
  file: await spool(Readable.from([bytes]), 20_000_000),
})
const upload = (by: Uploader = ZHANGSAN, bytes = photo) => media.upload(by, receive(bytes))
async function uploaded(by: Uploader = ZHANGSAN): Promise<string> {
  const taken = await upload(by)
  if (taken.kind === 'refused') throw new Error(taken.reason)
  return taken.mediaId
}
const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
const filesOf = (id: string): string[] => [`${id}-full.jpg`, `${id}-thumb.jpg`]
const rows = () => database.db('media').orderBy('created_at')
const ids = async (): Promise<string[]> => (await database.db('media').pluck<string[]>('id')).sort()
const isShown = async (id: string): Promise<boolean> => {
  const address = new URL(media.addressOf(id, 'full'), 'http://here')
  const [, , , size = ''] = address.pathname.split('/')
  const [expiry, signature] = ['e', 's'].map((name) => address.searchParams.get(name) ?? '')
  return (await media.find({ id, size, expiry: expiry!, signature: signature! })) !== undefined
}
const attach = (mediaIds: string[], about: { by?: Uploader; subject?: typeof ADVISOR } = {}) =>
  media.attach(database.db, { mediaIds, by: ZHANGSAN, subject: ADVISOR, ...about })
/** Does what was ordered, as the jobs would. */
async function work(): Promise<void> {
  for (const { payload } of ordered.splice(0)) await media.discard(payload['ids'] as string[])
}

describe('a picture that is uploaded', () => {
  test('is kept in two sizes, with what is told of it', async () => {
    const id = await uploaded()
    expect(files()).toEqual(filesOf(id))
    const [full, thumb] = await Promise.all(
      filesOf(id).map(async (name) => sharp((await disk.get(name))!).metadata()),
    )
    expect([full!.width, thumb!.width]).toEqual([1_000, 480])
    const sizes = (await Promise.all(filesOf(id).map((name) => disk.get(name)))).map(
      (bytes) => bytes!.length,
    )
    expect(await rows()).toMatchObject([
      {
        id,
        member_userid: 'zhangsan',
        width: 1_000,
        height: 500,
        bytes: sizes[0]! + sizes[1]!,
        subject_kind: null,
        created_at: now,
      },
    ])
  })

  test.each([
    ['no picture', SVG, 'not_a_picture'],
    ['a bomb', toBomb(), 'too_many_pixels'],
  ])('but is %s leaves nothing', async (_, bytes, reason) => {
    expect(await upload(ZHANGSAN, bytes)).toEqual({ kind: 'refused', reason })
    expect([await rows(), files()]).toEqual([[], []])
  })

  test('waits for the one before of the same person only', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const first = media.upload(ZHANGSAN, async () => {
      await held
      return receive(photo)()
    })
    expect(await upload()).toEqual({ kind: 'refused', reason: 'busy' })
    expect(await upload(LISI)).toMatchObject({ kind: 'taken' })
    release()
    expect(await first).toMatchObject({ kind: 'taken' })
    expect(await upload()).toMatchObject({ kind: 'taken' })
  })

  test('and fails does not keep the next one out', async () => {
    const broken = media.upload(ZHANGSAN, () => Promise.reject(new Error('gone')))
    await expect(broken).rejects.toThrow('gone')
    expect(await upload()).toMatchObject({ kind: 'taken' })
  })

  test('is one of so many in 24 hours, and the next is not even read', async () => {
    const row = (at: number) => ({
      id: database.db.raw('gen_random_uuid()'),
      member_userid: 'zhangsan',
      bytes: 1,
      width: 1,
      height: 1,
      sha256: Buffer.alloc(32),
      created_at: new Date(now.getTime() - at * 1_000),
    })
    await database.db('media').insert(Array.from({ length: 300 }, (_, at) => row(at)))
    const unread = () => Promise.reject(new Error('read'))
    expect(await media.upload(ZHANGSAN, unread)).toEqual({ kind: 'refused', reason: 'too_many' })
    expect(await upload(LISI)).toMatchObject({ kind: 'taken' })
    now = new Date(now.getTime() + 24 * HOUR_MS - 299_000)
    expect(await upload()).toMatchObject({ kind: 'taken' })
  })

  test('cannot be kept while the store takes nothing: somebody must act', async () => {
    failing = 'put'
    expect(await upload()).toEqual({ kind: 'refused', reason: 'unavailable' })
    expect(await rows()).toEqual([])
    expect(lines.join()).toContain('the store of pictures does not take any')
  })
})

describe('what a picture belongs to', () => {
  test('is said once, and again without harm', async () => {
    const ids = [await uploaded(), await uploaded()]
    expect(await attach([...ids, ids[0]!])).toBe(true)
    const attachedAt = now
    now = new Date(now.getTime() + HOUR_MS)
    expect(await attach(ids)).toBe(true)
    for (const row of await rows())
      expect(row).toMatchObject({
        subject_kind: 'advisor',
        subject_id: '7',
        attached_at: attachedAt,
      })
  })

  test('is said by nobody but who uploaded it', async () => {
    const id = await uploaded()
    for (const by of [LISI, { keyName: 'zhangsan' }]) expect(await attach([id], { by })).toBe(false)
    expect(await rows()).toMatchObject([{ subject_kind: null }])
  })

  test.each([
    ['another', { kind: 'advisor', id: '8' }],
    ['one of another kind', { kind: 'progress', id: '7' }],
  ])('is not %s then', async (_, subject) => {
    const id = await uploaded()
    await attach([id])
    expect(await attach([id], { subject })).toBe(false)
    expect(await rows()).toMatchObject([{ subject_kind: 'advisor', subject_id: '7' }])
  })

  test('is said of all pictures or of none', async () => {
    const [mine, his] = [await uploaded(), await uploaded(LISI)]
    expect(await attach([mine, his])).toBe(false)
    expect(await attach([mine, '00000000-0000-4000-8000-000000000000'])).toBe(false)
    expect((await rows()).map((row) => row.subject_kind)).toEqual([null, null])
  })

  test('is nothing of one that was removed', async () => {
    const id = await uploaded()
    await database.db('media').update({ removed_at: now })
    expect(await attach([id])).toBe(false)
  })

  test('gets by one of two who want it at once', async () => {
    const id = await uploaded()
    const answers = await Promise.all(
      ['1', '2', '3', '4'].map((at) =>
        database.db.transaction((db) =>
          media.attach(db, { mediaIds: [id], by: ZHANGSAN, subject: { kind: 'advisor', id: at } }),
        ),
      ),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  })
})

describe('a picture that is taken away', () => {
  test('is seen by nobody at once, and its files go; the others of its subject stay', async () => {
    const [gone, kept, other] = [await uploaded(), await uploaded(), await uploaded()]
    await attach([gone, kept])
    await attach([other], { subject: { kind: 'advisor', id: '8' } })
    await media.remove(database.db, { subject: ADVISOR, except: [kept] })
    expect([await isShown(gone), await isShown(kept), await isShown(other)]).toEqual([
      false,
      true,
      true,
    ])
    await work()
    expect(await ids()).toEqual([kept, other].sort())
    expect(files()).toEqual([...filesOf(kept), ...filesOf(other)].sort())
  })

  test('is tried again while the store cannot, and no row goes before its files', async () => {
    const id = await uploaded()
    await attach([id])
    await media.remove(database.db, { subject: ADVISOR })
    failing = 'remove'
    await expect(work()).rejects.toThrow('EIO')
    expect(await rows()).toHaveLength(1)
    failing = undefined
    await media.tidy()
    expect([await rows(), files()]).toEqual([[], []])
  })

  test('is one of very many: they go in pieces, each once', async () => {
    const many = Array.from({ length: 1_001 }, () => randomUUID())
    const row = { bytes: 1, width: 1, height: 1, sha256: Buffer.alloc(32), created_at: now }
    await database.db('media').insert(
      many.map((id) => ({
        ...row,
        id,
        member_userid: 'zhangsan',
        subject_kind: ADVISOR.kind,
        subject_id: ADVISOR.id,
        attached_at: now,
      })),
    )
    await media.remove(database.db, { subject: ADVISOR })
    const pieces = ordered.map(({ payload }) => payload['ids'] as string[])
    expect(pieces.map(({ length }) => length)).toEqual([500, 500, 1])
    expect(pieces.flat().sort()).toEqual(many.sort())
  })

  test('long ago goes before one that was taken away since, while the store takes only some', async () => {
    const [later, earlier] = [await uploaded(), await uploaded()]
    for (const [id, hours] of [
      [later, 1],
      [earlier, 2],
    ] as const)
      await database
        .db('media')
        .where({ id })
        .update({ removed_at: new Date(now.getTime() - hours * HOUR_MS) })
    await media.tidy()
    expect(removed.map((name) => name.slice(0, 36))).toEqual([earlier, earlier, later, later])
  })

  test('with the account that uploaded it, whose rows another deletes', async () => {
    const [{ id: accountId }] = await database
      .db('accounts')
      .insert({ app: 'miniprogram', openid: 'o1', created_at: now, signed_in_at: now })
      .returning('id')
    const his = await uploaded({ accountId })
    const other = await uploaded()
    await media.discardOf(database.db, [accountId])
    expect(await rows()).toHaveLength(2)
    await database.db('media').where({ account_id: accountId }).delete()
    expect(await isShown(his)).toBe(false)
    await work()
    await work()
    expect(files()).toEqual(filesOf(other))
  })

  test('is not taken for one that is still there', async () => {
    const id = await uploaded()
    await media.discard([id])
    expect(files()).toEqual(filesOf(id))
    expect(await isShown(id)).toBe(true)
  })
})

describe('what nobody asks for', () => {
  test('goes after a day, if it came to belong to nothing', async () => {
    const [loose, attached] = [await uploaded(), await uploaded()]
    await attach([attached])
    now = new Date(now.getTime() + 24 * HOUR_MS)
    await media.tidy()
    expect(await rows()).toHaveLength(2)
    now = new Date(now.getTime() + 1)
    await media.tidy()
    expect(await ids()).toEqual([attached])
    expect(files()).toEqual(filesOf(attached))
    expect(await isShown(loose)).toBe(false)
  })

  test('files without a picture go, when no upload can be under way any more', async () => {
    const id = await uploaded()
    await disk.put('0f8fad5b-d9cb-469f-a165-70867728950e-full.jpg', photo)
    await disk.put('0f8fad5b-d9cb-469f-a165-70867728950e-full.jpg.x1', photo)
    await media.sweep()
    expect(files()).toHaveLength(4)
    now = new Date(now.getTime() + HOUR_MS + 5_000)
    await media.sweep()
    expect(files()).toEqual(filesOf(id))
    expect(await isShown(id)).toBe(true)
  })

  test('a row that another deleted takes its files along the day after', async () => {
    await uploaded()
    await database.db('media').delete()
    now = new Date(now.getTime() + 2 * HOUR_MS)
    await media.sweep()
    expect(files()).toEqual([])
  })
})
