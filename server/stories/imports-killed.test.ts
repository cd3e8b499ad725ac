import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { writeXlsx } from 'hucre/xlsx'
import { createHttp } from '../../scripts/play/requests.ts'
import { createSandbox, type Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { ageLocks } from '../test/job-desk.ts'
import { howMany } from '../test/long.ts'
import { FROM_BUILD, spawnServer, type ServerProcess } from '../test/processes.ts'
import { ADMIN_KEY, townEnvironment } from '../test/town.ts'

/** The size that docs/performance.md tells of is that of a long run. */
const ROWS = Number(process.env['IMPORT_ROWS'] ?? howMany(1_200, 100_000))
/** Each look counts all rows. */
const LOOK_MS = ROWS / 20
const HEAD = ['订单号', '标题', '客户手机', '客户姓名', '阶段', '签约日期', '地址']
const isBad = (at: number): boolean => at % 100 === 50
const cellsOf = (at: number): string[] => [
  `SO-${String(at)}`,
  `全屋定制 ${String(at)}`,
  isBad(at) ? '1380013800' : `13${String(at).padStart(9, '0')}`,
  '王建国',
  '安装',
  '2026-05-01',
  '杭州市西湖区某某路 1 号',
]

let database: TestDatabase
let sandbox: Sandbox
let env: Record<string, string>
let server: ServerProcess

/** What is measured is the server as it is deployed; a taste of rows measures nothing, and needs no build. */
const isMeasured = ROWS >= 100_000
const start = (): Promise<ServerProcess> => spawnServer(env, isMeasured ? FROM_BUILD : undefined)

beforeAll(async () => {
  if (isMeasured) execFileSync(process.execPath, ['scripts/bootstrap.mjs', 'build'])
  database = await testDatabase()
  sandbox = await createSandbox({ port: 0 })
  env = { ...townEnvironment(sandbox.url, database.connectionString), LOG_LEVEL: 'info' }
  server = await start()
}, 300_000)
afterAll(async () => {
  await server.kill()
  await sandbox.stop()
})

function* rows(): Generator<string[]> {
  yield HEAD
  for (let at = 0; at < ROWS; at += 1) yield cellsOf(at)
}
const csv = (): string => [...rows()].map((cells) => `${cells.join(',')}\r\n`).join('')

type Progress = Record<string, any>
const send = async (body: string | Uint8Array, query = ''): Promise<Progress> => {
  const answer = await fetch(`${server.url}/api/admin/imports${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
    body,
  })
  return ((await answer.json()) as Progress)['data']
}
const read = async (id: number): Promise<Progress> =>
  (await createHttp(server.url).get(`/api/admin/imports/${String(id)}`, ADMIN_KEY)).body.data
const peakMb = async (): Promise<number> =>
  Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${String(server.pid)}/status`, 'utf8'))![1]) /
  1024
const count = async (table: string, where: object = {}): Promise<number> =>
  Number((await database.db(table).where(where).count())[0]!.count)

test('an import that is killed goes on where it was: each order once, each bad row by its line, in little memory', async () => {
  const began = Date.now()
  const { id } = await send(csv())
  while ((await read(id))['done'] < ROWS / 2) await wait(LOOK_MS)
  let peak = await peakMb()
  await server.kill()
  const before = await count('projects')
  expect(before).toBeLessThan(ROWS)
  await ageLocks(database.db)
  server = await start()
  while ((await read(id))['state'] !== 'finished') await wait(LOOK_MS)
  peak = Math.max(peak, await peakMb())
  const bad = Array.from({ length: ROWS }, (_, at) => at).filter(isBad)
  expect(await read(id)).toMatchObject({
    rows: ROWS,
    done: ROWS,
    created: ROWS - bad.length,
    unchanged: 0,
    rejected: bad.length,
  })
  expect(await count('projects')).toBe(ROWS - bad.length)
  expect(await count('operation_log', { operation: 'project.created' })).toBe(ROWS - bad.length)
  const rejected = await createHttp(server.url).get(
    `/api/admin/imports/${String(id)}/rejected`,
    ADMIN_KEY,
  )
  const lines = String(rejected.body).trimEnd().split('\r\n').slice(1)
  expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(bad.map((at) => at + 2))
  console.info(
    `${String(ROWS)} rows in ${String(Math.round((Date.now() - began) / 1000))} s, ${String(Math.round(peak))} MB at most`,
  )
  expect(peak).toBeLessThan(300)
}, 1_200_000)

test('a workbook of the same size is taken in as little memory', async () => {
  const bytes = await writeXlsx({ sheets: [{ name: '订单', rows: [...rows()] }] })
  expect(await send(bytes, '?dryRun=true')).toMatchObject({ rows: ROWS })
  const peak = await peakMb()
  console.info(`a workbook of ${String(ROWS)} rows: ${String(Math.round(peak))} MB at most`)
  expect(peak).toBeLessThan(300)
}, 300_000)
