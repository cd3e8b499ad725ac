import { beforeAll, expect, test } from '@jest/globals'
import type { Db } from '../../lib/db.ts'
import { testDatabase } from '../../test/database.ts'
import { pageIds } from './directory.store.ts'

const CUSTOMERS = 100_000
const FAMILY = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'
const GIVEN = '建国志强晓燕丽娟伟芳秀英敏静磊洋艳勇军杰涛明超秀兰霞平刚桂英玉梅小红文华'

let db: Db
/** As many as a company has, a name of two or three characters each, and one in a hundred with a name of its own. */
beforeAll(async () => {
  ;({ db } = await testDatabase())
  await db.raw(
    `insert into customers (phone, phone_hmac, name) select '139' || lpad(n::text, 8, '0'), decode(md5(n::text), 'hex'),
      substr(:family, 1 + n % length(:family), 1) || substr(:given, 1 + (n / 20) % length(:given), 1) || case when n % 3 > 0 then substr(:given, 1 + (n / 700) % length(:given), 1) else '' end
        || case when n % 100 = 0 then ' ' || n::text else '' end
    from generate_series(1, :count::int) n`,
    { family: FAMILY, given: GIVEN, count: CUSTOMERS },
  )
  await db.raw('analyze customers')
}, 60_000)

const find = (text: string) =>
  pageIds(db, { wanted: { by: 'text', text }, before: null, limit: CUSTOMERS })
const truth = (text: string): Promise<number[]> =>
  db('customers')
    .whereRaw('position(lower(?) in lower(name)) > 0', [text])
    .orderBy('id', 'desc')
    .pluck('id')

test.each(['建国', '国', '王建', '王建国', '娟', '英敏', ' 4', '99900', '国建国'])(
  '%j is found wherever it stands in a name, and in no other',
  async (text) => expect(await find(text)).toEqual(await truth(text)),
)

test('the letters of a name lead to it: nobody reads all customers', async () => {
  const heard: { sql: string; bindings: string[] }[] = []
  db.on('query', (query: { sql: string; bindings: string[] }) => void heard.push(query))
  await find('建国')
  const [{ sql, bindings }] = heard as [{ sql: string; bindings: string[] }]
  const { rows } = await db.raw<{ rows: { 'QUERY PLAN': string }[] }>(
    `explain (analyze) ${sql.replace(/\$\d+/g, '?')}`,
    bindings,
  )
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('Bitmap Index Scan on customers_name_letters')
  expect(plan).not.toContain('Seq Scan on customers')
})
