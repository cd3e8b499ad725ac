import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { createAudit } from '../server/features/audit/audit.ts'
import { createKeys } from '../server/features/access/access.keys.ts'
import { testDatabase } from '../server/test/database.ts'

const { db, connectionString } = await testDatabase()
const root = path.resolve(import.meta.dirname, '..')

/** The program as `npm run admin` runs it. */
const admin = async (...args: string[]): Promise<string> =>
  (
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/admin.ts', ...args], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: connectionString },
    })
  ).stdout

test('npm run admin makes a key that opens, lists it, and ends it', async () => {
  const keys = createKeys({
    db,
    audit: createAudit(),
    adminKey: undefined,
    clock: () => new Date(),
  })
  const [key = ''] = (await admin('create-key', '--name', 'erp', '--scope', 'service')).split('\n')
  expect(await keys.findHolder(key)).toMatchObject({ scope: 'service' })
  expect(await admin('list-keys')).toMatch(/^erp {2}service {2}no end/)
  expect(await admin('revoke-key', '--name', 'erp')).toContain('1 key(s) revoked')
  expect(await admin('list-keys')).toBe('')
})

test.each([
  ['no name', ['create-key']],
  ['a scope that is none', ['create-key', '--name', 'erp', '--scope', 'king']],
])('npm run admin refuses %s, and says how it is used', async (_, args) => {
  await expect(admin(...args)).rejects.toMatchObject({
    code: 2,
    stdout: expect.stringContaining('npm run admin -- create-key'),
  })
})
