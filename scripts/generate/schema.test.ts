import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { testDatabase } from '../../server/test/database.ts'
import { connect } from '../../server/test/postgres.ts'
import { locate, schemaFile } from './documents.ts'
import { describeSchema } from './schema.ts'

const { connectionString } = await testDatabase()

test('docs/schema.sql is what the migrations make; `npm run generate` writes it', async () => {
  const db = await connect(connectionString)
  try {
    const kept = await readFile(locate(schemaFile.name), 'utf8')
    expect(kept.replaceAll('\r\n', '\n')).toBe(await describeSchema(db))
  } finally {
    await db.end()
  }
})
