import { afterAll, describe, expect, test } from '@jest/globals'
import { testDatabase } from '../test/database.ts'
import { openDb, type Db } from './db.ts'
import { createNames } from './prepared.ts'

describe('which statements are prepared', () => {
  test('one that comes again, under the same name ever after', () => {
    const { nameOf } = createNames()
    expect(nameOf('select $1')).toBeUndefined()
    const name = nameOf('select $1')
    expect(name).toBe('repeated_1')
    expect(nameOf('select $1')).toBe(name)
    expect([nameOf('select $2'), nameOf('select $2')]).not.toContain(name)
  })

  test("only so many, and texts that come once take nobody's place", () => {
    const { nameOf } = createNames(2)
    for (let length = 0; length < 9; length += 1) nameOf(`select ${String(length)}`)
    const named = ['a', 'b', 'c'].map((sql) => [nameOf(sql), nameOf(sql)][1])
    expect(named.map((name) => name !== undefined)).toEqual([true, true, false])
  })
})

describe('a pool that prepares', () => {
  const opened: Db[] = []
  afterAll(() => Promise.all(opened.map((db) => db.destroy())))
  const open = async (prepare: boolean): Promise<Db> => {
    const { connectionString } = await testDatabase()
    const db = openDb(connectionString, { maxConnections: 1, prepare })
    opened.push(db)
    return db
  }
  const prepared = (db: Db): Promise<string[]> =>
    db('pg_prepared_statements').pluck<string[]>('statement')
  const ask = (db: Db, key: string) => db('settings').where({ key }).select('key')

  test('parses a repeated statement once per connection and answers by each value', async () => {
    const db = await open(true)
    const row = { value: '1', updated_at: new Date(), updated_by: 'test' }
    await db('settings').insert([
      { ...row, key: 'one' },
      { ...row, key: 'two' },
    ])
    const answers = []
    for (const key of ['one', 'two', 'none', 'one']) answers.push(await ask(db, key))
    expect(answers).toEqual([[{ key: 'one' }], [{ key: 'two' }], [], [{ key: 'one' }]])
    expect(
      (await prepared(db)).filter((statement) => statement.includes('"settings"')),
    ).toHaveLength(1)
  })

  test('does so inside a transaction, and after one that failed', async () => {
    const db = await open(true)
    const twice = db.transaction(async (transaction) => {
      await ask(transaction, 'one')
      await ask(transaction, 'one')
      await transaction.raw('select 1 / ?::int', [0])
    })
    await expect(twice).rejects.toMatchObject({ code: '22012' })
    expect(await ask(db, 'one')).toEqual([])
  })

  test('goes on after a migration that changes what a statement answers', async () => {
    const db = await open(true)
    for (let time = 0; time < 3; time += 1) await ask(db, 'one')
    await db.raw('alter table settings alter column key type varchar(80)')
    await expect(ask(db, 'one')).rejects.toMatchObject({ code: '0A000' })
    expect([await ask(db, 'one'), await ask(db, 'one'), await ask(db, 'one')]).toEqual([[], [], []])
  })

  test('prepares nothing when it is told not to, for poolers that hand a connection to anybody', async () => {
    const db = await open(false)
    for (let time = 0; time < 3; time += 1) await ask(db, 'one')
    expect(await prepared(db)).toEqual([])
  })
})
