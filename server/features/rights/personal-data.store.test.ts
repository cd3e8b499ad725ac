import { beforeAll, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { labelOf } from './labels.rules.ts'
import { toCells } from './export.rules.ts'
import { IMPERSONAL, MENTIONS } from './mentions.store.ts'
import { PERSONAL } from './personal-data.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '')

async function readColumns(): Promise<Map<string, string[]>> {
  const { rows } = await database.db.raw<{ rows: { name: string; columns: string[] }[] }>(`
    select c.table_name as name, array_agg(c.column_name::text order by c.column_name) as columns
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' group by c.table_name`)
  return new Map(rows.map(({ name, columns }) => [name, columns]))
}

test('each table and column of the database is in the lists: who adds one says what becomes of it', async () => {
  const listed = new Map([
    ...PERSONAL.map(({ table, shown, hidden }) => [table, words(`${shown} ${hidden}`)] as const),
    ...Object.entries(IMPERSONAL).map(([table, columns]) => [table, words(columns)] as const),
  ])
  expect(listed.size).toBe(PERSONAL.length + Object.keys(IMPERSONAL).length)
  const sorted = (columns: readonly string[]): string[] => [...columns].toSorted()
  expect(Object.fromEntries([...listed].map(([name, columns]) => [name, sorted(columns)]))).toEqual(
    Object.fromEntries(
      [...(await readColumns())].map(([name, columns]) => [name, sorted(columns)]),
    ),
  )
})

test('rows that stay are searched for whom they mention', () => {
  const searched = MENTIONS.map(({ table }) => table)
  for (const { table, fate } of PERSONAL) if (fate === 'kept') expect(searched).toContain(table)
})

test('each column that an export tells has a Chinese name', () => {
  const SAME = ['openid', 'unionid']
  for (const { shown, beside = {} } of PERSONAL) {
    const names = [...words(shown), ...Object.keys(beside)]
    for (const key of Object.keys(toCells(Object.fromEntries(names.map((name) => [name, 1])))))
      if (!SAME.includes(key)) expect(labelOf(key)).toMatch(/[\u4e00-\u9fff]|openid/)
  }
})

test('docs/security.md names every table with its fate', async () => {
  const { readFile } = await import('node:fs/promises')
  const text = await readFile('docs/security.md', 'utf8')
  for (const { table, fate } of PERSONAL)
    expect(text).toMatch(
      new RegExp(`\\| ${fate === 'deleted' ? 'deleted' : 'stays[^|]*'} \\|[^\\n]*\`${table}\``),
    )
})
