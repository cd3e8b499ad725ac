import { describe, expect, test } from '@jest/globals'
import { writeXlsx } from 'hucre/xlsx'
import { deflateRawSync } from 'node:zlib'
import { inventPhone } from '../../scripts/play/people.ts'
import { addJob } from '../test/job-desk.ts'
import { holdPeople, queued } from '../test/locks.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()

type Data = Record<string, any>
const KEY = { authorization: `Bearer ${ADMIN_KEY}` }
const DAY_MS = 24 * 60 * 60_000
const HEAD = '订单号,标题,客户手机,客户姓名,状态,阶段,设计师,项目经理,签约日期,地址'

/** Sends a file as `curl --data-binary` does. */
async function send(body: string | Uint8Array, query = '', type = 'application/octet-stream') {
  const response = await fetch(`${town().address}/api/admin/imports${query}`, {
    method: 'POST',
    headers: { ...KEY, 'content-type': type },
    body,
  })
  return { status: response.status, body: (await response.json()) as Data }
}
const get = async (path: string): Promise<Data> =>
  (await town().server.get(`/api/admin${path}`, ADMIN_KEY)).body.data
/** Sends a file that is taken, and waits for its end. */
async function load(body: string | Uint8Array, query = '', type?: string): Promise<Data> {
  const sent = await send(body, query, type)
  expect(sent).toMatchObject({ status: 200, body: { message: expect.stringContaining('已收到') } })
  await town().settle()
  return get(`/imports/${String(sent.body['data'].id)}`)
}
const rejectedOf = async ({ id }: Data): Promise<{ text: string; headers: Headers }> => {
  const answer = await fetch(`${town().address}/api/admin/imports/${String(id)}/rejected`, {
    headers: KEY,
  })
  return {
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer()),
    headers: answer.headers,
  }
}
const csv = (...rows: string[]): string => [HEAD, ...rows, ''].join('\r\n')
const row = (orderNo: string, phone = inventPhone()): string =>
  `${orderNo},全屋定制,${phone},王建国,施工中,安装,zhangsan,lisi,2026-05-01,西湖区 1 号`
const encodeGbk = (text: string): Uint8Array => GBK[text] ?? new Uint8Array()

describe('a file of orders', () => {
  test('is loaded row by row: each order as if it had been loaded alone', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    expect(await load(csv(row('SO-1', customer.phone), row('SO-2')))).toMatchObject({
      state: 'finished',
      format: 'csv',
      mode: 'append',
      rows: 2,
      done: 2,
      created: 2,
      rejected: 0,
      waiting: 1,
      withoutName: 0,
    })
    expect(await get('/projects/SO-2')).toMatchObject({
      title: '全屋定制',
      status: '施工中',
      stage: '安装',
      address: '西湖区 1 号',
      designerUserid: 'zhangsan',
      projectManagerUserid: 'lisi',
      order: { signedAt: '2026-04-30T16:00:00.000Z' },
      parties: [{ role: 'owner', name: '王建国' }],
    })
    const { items } = await get('/operations?operation=project.created')
    const [import_] = (await get('/imports')).items
    for (const entry of items)
      expect(entry).toMatchObject({ requestId: import_.requestId, operator: import_.operator })
    expect(items.map(({ target }: Data) => target.id).sort()).toEqual(['SO-1', 'SO-2'])
  })

  test('says by line why a row is not loaded, and takes the corrected rows back', async () => {
    const import_ = await load(
      csv(row('SO-1'), row('SO-2', '=1+1'), row('SO-3', '12'), row('SO-1'), '', row('SO-5', '@x')),
    )
    expect(import_).toMatchObject({ created: 1, rejected: 4, rows: 5 })
    const { text, headers } = await rejectedOf(import_)
    expect(headers.get('content-disposition')).toContain('attachment')
    const lines = text.trimEnd().split('\r\n')
    expect(lines[0]).toBe(`\ufeff行号,原因,${HEAD}`)
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 5))).toEqual([
      ['3', expect.stringContaining('客户手机：手机号格式不正确'), 'SO-2', '全屋定制', `'=1+1`],
      ['4', expect.stringContaining('客户手机'), 'SO-3', '全屋定制', '12'],
      ['5', '与第 2 行的订单号相同', 'SO-1', '全屋定制', expect.anything()],
      ['7', expect.stringContaining('客户手机'), 'SO-5', '全屋定制', `'@x`],
    ])
    const corrected = text.replace(`'=1+1`, `'+86${inventPhone()}`)
    expect(await load(corrected)).toMatchObject({ created: 1, skipped: 1, rejected: 2 })
    const { items } = await get('/operations?operation=import.rejected_read')
    expect(items).toHaveLength(1)
  })

  test('loads no row whose cells may be others than they seem', async () => {
    const phones = [inventPhone(), inventPhone(), inventPhone()]
    const lines = [
      `SO-1,全屋定制,${phones[0]!},#N/A`,
      `SO-2,全屋定制,${phones[1]!},王建国,西湖区,1 号`,
      `SO-3,########,${phones[2]!},王建国`,
      `SO-4,全屋定制,${inventPhone()},王建国`,
    ]
    // The heading was written by one program, the rows by another.
    const import_ = await load(`订单号,标题,客户手机,客户姓名,地址\r\n${lines.join('\n')}\n`)
    expect(import_).toMatchObject({ rows: 4, created: 1, rejected: 3 })
    const { text } = await rejectedOf(import_)
    for (const reason of ['这一格是 #N/A', '格子比第一行多', '这一格是 ########'])
      expect(text).toContain(reason)
  })

  test('leaves what is there with mode=append, and replaces it like a load with mode=replace', async () => {
    const { people } = town()
    const phone = inventPhone()
    const stages = [
      { name: '设计', status: 'active' },
      { name: '安装', status: 'pending', plannedAt: '2026-08-01T00:00:00+08:00' },
      { name: '验收', status: 'pending' },
    ]
    await people.load('SO-1', phone, { title: '旧的', stages, order: { amount: 9, cost: 3 } })
    const file = csv(row('SO-1', phone))
    expect(await load(file)).toMatchObject({ skipped: 1, created: 0 })
    expect(await get('/projects/SO-1')).toMatchObject({ title: '旧的' })
    expect(await load(file, '?mode=replace')).toMatchObject({ changed: 1 })
    expect(await get('/projects/SO-1')).toMatchObject({
      title: '全屋定制',
      order: { amount: 9, cost: 3, signedAt: '2026-04-30T16:00:00.000Z' },
      stages: [
        { name: '设计', status: 'done' },
        { name: '安装', status: 'active', plannedAt: '2026-07-31T16:00:00.000Z' },
        { name: '验收', status: 'pending' },
      ],
    })
    expect(await load(file, '?mode=replace')).toMatchObject({ unchanged: 1, changed: 0 })
    const bare = `订单号,标题,客户手机,地址\nSO-1,全屋定制,${phone},\n`
    expect(await load(bare, '?mode=replace')).toMatchObject({ unchanged: 1 })
    expect(await get('/projects/SO-1')).toMatchObject({ address: '西湖区 1 号' })
  })

  test('changes nothing as a dry run, and says what a run would', async () => {
    const { people } = town()
    await people.load('SO-1', inventPhone(), { title: '旧的' })
    const file = csv(row('SO-1'), row('SO-2'), row('SO-3', '1'))
    const dry = await load(file, '?mode=replace&dryRun=true')
    expect(dry).toMatchObject({ dryRun: true, created: 1, changed: 1, rejected: 1 })
    expect(await get('/projects/SO-1')).toMatchObject({ title: '旧的' })
    expect((await get('/projects')).items).toHaveLength(1)
    expect((await get('/operations?operation=project.updated')).items).toEqual([])
    expect(await load(file, '?mode=replace')).toMatchObject({ created: 1, changed: 1, rejected: 1 })
  })

  test('may be an Excel workbook, with numbers and days as Excel keeps them', async () => {
    const phone = inventPhone()
    const bytes = await writeXlsx({
      sheets: [
        {
          name: '订单',
          rows: [
            ['订单号', '标题', '客户手机', '签约日期'],
            ['SO-1', '全屋定制', Number(phone), new Date(Date.UTC(2026, 4, 1))],
            [],
            [20_260_501, '地暖', `${phone.slice(0, 3)} ${phone.slice(3)}`, '2026/5/1'],
          ],
        },
      ],
    })
    expect(await load(bytes)).toMatchObject({ format: 'xlsx', created: 2 })
    for (const orderNo of ['SO-1', '20260501'])
      expect(await get(`/projects/${orderNo}`)).toMatchObject({
        order: { signedAt: '2026-04-30T16:00:00.000Z' },
      })
  })

  test.each([
    ['a list', (items: object[]) => JSON.stringify(items)],
    [
      'one after the other',
      (items: object[]) => items.map((item) => JSON.stringify(item)).join('\n'),
    ],
  ])('may be JSON, %s', async (_, write) => {
    const order = { title: '全屋定制', customerPhone: inventPhone() }
    const import_ = await load(
      write([
        { orderNo: 'SO-1', ...order, stages: [{ name: '设计', status: 'done' }] },
        { orderNo: 'SO-2', ...order, colour: 'red' },
        { orderNo: 'SO-3' },
      ]),
      '',
      'application/json',
    )
    expect(import_).toMatchObject({ format: 'json', created: 1, rejected: 2, withoutName: 1 })
    expect(await get('/projects/SO-1')).toMatchObject({ stagesDone: 1 })
    expect((await rejectedOf(import_)).text).toContain('不认识的字段：colour')
  })

  test.each<[string, (text: string) => Uint8Array]>([
    ['UTF-8', (text) => Buffer.from(text)],
    ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['GBK', encodeGbk],
    [
      'UTF-16 with tabs (Unicode 文本)',
      (text) => Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le'),
    ],
  ])('may be written in %s', async (_, encode) => {
    expect(await load(encode(IN_GBK))).toMatchObject({ created: 1 })
    expect(await get('/projects/SO-1')).toMatchObject({ title: '全屋定制' })
  })
})

const tidy = async (): Promise<void> => {
  await addJob(town().db, 'imports.tidy')
  await town().settle()
}

/** Node decodes GBK and does not write it: the bytes of this file, as Excel makes them. */
const IN_GBK = '订单号,标题,客户手机\r\nSO-1,全屋定制,13800138000\r\n'
const GBK: Record<string, Uint8Array> = {
  [IN_GBK]: Buffer.concat([
    Buffer.from('b6a9b5a5bac52cb1eacce22cbfcdbba7cad6bbfa0d0a', 'hex'),
    Buffer.from('SO-1,'),
    Buffer.from('c8abceddb6a8d6c6', 'hex'),
    Buffer.from(',13800138000\r\n'),
  ]),
}

describe('a file that cannot be taken', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['nothing', '', '文件里没有订单'],
    ['headings alone', `${HEAD}\r\n`, '文件里没有订单'],
    ['no heading', `${row('SO-1')}\r\n`, '第一行缺少这些列'],
    ['an open quote', csv(`"SO-1,全屋`), 'CSV 第 2 行格式不正确'],
    [
      'half a list',
      `[{"orderNo":"SO-1","title":"x","customerPhone":"13800138000"},{"order`,
      '不是正确的 JSON',
    ],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), '另存为 .xlsx'],
    ['a broken workbook', Buffer.from('PK\u0003\u0004 and so on'), '读不了这个 Excel 文件'],
    ['a picture', Buffer.from('89504e470d0a1a0aff00ff80fe', 'hex'), '编码既不是 UTF-8 也不是 GBK'],
  ])('%s: nothing of it stays', async (_, body, message) => {
    expect(await send(body)).toMatchObject({
      status: 400,
      body: { error: { code: 'imports.refused' }, message: expect.stringContaining(message) },
    })
    expect((await get('/imports')).items).toEqual([])
    expect(await town().db('import_rows').count()).toEqual([{ count: 0 }])
  })

  test.each<[string, Entry]>([
    ['more than fits', { content: Buffer.alloc(200 * 1024 * 1024) }],
    ['more than it says', { content: Buffer.alloc(1_000_000), size: 1 }],
    ['what it says nothing of', { content: Buffer.alloc(1_000_000), size: 0, unsaid: true }],
    ['too many things', { content: Buffer.from('<si/>'.repeat(2_100_000)) }],
    [
      'a row without end',
      {
        name: 'xl/worksheets/sheet1.xml',
        content: Buffer.from(`<sheetData><row>${'<c/>'.repeat(1_100_000)}`),
      },
    ],
  ])('a bomb is not unpacked: %s', async (_, entry) => {
    expect(await send(bomb(entry))).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/解开后太大|读不了/) },
    })
  })

  test.each([
    ['an item within an item', '['.repeat(200)],
    ['an endless item', `[{"title":"${'x'.repeat(1_100_000)}`],
  ])('%s is not held in memory', async (_, body) => {
    expect(await send(body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('太大，或嵌套太深') },
    })
  })

  test('a file beyond 64 MB is refused before it is all there', async () => {
    const sent = await send(new Uint8Array(65 * 1024 * 1024).fill(65)).catch(() => ({
      status: 413,
      body: {},
    }))
    expect(sent.status).toBe(413)
  })

  test('a misspelt setting is refused by name', async () => {
    for (const query of ['?mode=all', '?dryRun=1', '?dryrun=true', '?others=x'])
      expect((await send(csv(row('SO-1')), query)).status).toBe(400)
  })
})

/** `size`: what the directory says; `unsaid`: it says that all of it stands behind the entry. */
type Entry = { name?: string; content: Buffer; size?: number; unsaid?: true }

/** A workbook of one part. */
function bomb(entry: Entry): Uint8Array {
  const { content, size = content.length, unsaid = false } = entry
  const name = Buffer.from(entry.name ?? 'xl/sharedStrings.xml')
  const packed = deflateRawSync(content)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(content.length, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(20, 6)
  central.writeUInt16LE(unsaid ? 8 : 0, 8)
  central.writeUInt16LE(8, 10)
  central.writeUInt32LE(unsaid ? 0 : packed.length, 20)
  central.writeUInt32LE(size, 24)
  central.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, central, name, end])
}

test('what has begun can be stopped: the rest is not loaded, and stopping twice is told', async () => {
  const rows = Array.from({ length: 2_000 }, (_, n) => row(`SO-${String(n)}`))
  const { body } = await send(csv(...rows))
  const path = `/api/admin/imports/${String(body['data'].id)}/stop`
  const stop = () => town().server.post(path, { reason: '发错了文件' }, ADMIN_KEY)
  expect((await stop()).body).toMatchObject({ success: true, data: { state: 'stopped' } })
  await town().settle()
  const stopped = await get(`/imports/${String(body['data'].id)}`)
  expect(stopped['done']).toBeLessThan(2_000)
  expect((await get('/projects?limit=100')).items).toHaveLength(Math.min(100, stopped['done']))
  expect(await stop()).toMatchObject({ status: 409, body: { error: { code: 'imports.ended' } } })
})

test.each([
  ['it is stopped', (id: number) => `imports/${String(id)}/stop`],
  ['its person is erased', (_: number, customer: number) => `customers/${String(customer)}/erase`],
])('a row that is under way when %s is not loaded', async (_, path) => {
  const { people, server, db, settle } = town()
  const phone = inventPhone()
  await people.load('SO-BEFORE', phone)
  const [{ id: customer }] = (await get(`/customers?phone=${phone}`)).items
  const release = await holdPeople(db, 'order:SO-1')
  const { body } = await send(csv(row('SO-1', phone)))
  await queued(db, 1)
  const address = `/api/admin/${path(body['data'].id, customer)}`
  expect((await server.post(address, { reason: '发错了文件' }, ADMIN_KEY)).status).toBe(200)
  await release()
  await settle()
  expect(await db('projects').pluck('order_no')).toEqual(['SO-BEFORE'])
  expect((await get('/operations?targetType=project&targetId=SO-1')).items).toEqual([])
})

test('after seven days nothing of a file is left but the word that it was there', async () => {
  const { id } = await load(csv(row('SO-1'), row('SO-2', '1')))
  town().clock.advance(6 * DAY_MS)
  await tidy()
  expect(await get(`/imports/${String(id)}`)).toMatchObject({ rejected: 1 })
  town().clock.advance(2 * DAY_MS)
  await tidy()
  for (const path of [`/imports/${String(id)}`, `/imports/${String(id)}/rejected`])
    expect(await town().server.get(`/api/admin${path}`, ADMIN_KEY)).toMatchObject({
      status: 404,
      body: { error: { code: 'imports.unknown' } },
    })
  expect(await town().db('import_rows').count()).toEqual([{ count: 0 }])
  expect((await get('/operations?operation=import.taken')).items).toHaveLength(1)
})

test('what is kept of a row that was loaded is only how it went', async () => {
  await load(csv(row('SO-1'), row('SO-2', '1')))
  const rows = await town().db('import_rows').orderBy('line').select('line', 'cells')
  expect(rows).toEqual([
    { line: 2, cells: null },
    { line: 3, cells: expect.arrayContaining(['SO-2', '1']) },
  ])
})
