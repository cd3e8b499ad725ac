import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { listNames, testObjects } from '../test/objects.ts'
import { createDiskObjects } from './disk-objects.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'disk-objects-'))
const home = path.join(folder, 'media')
const objects = createDiskObjects(home)
beforeEach(() => rmSync(home, { recursive: true, force: true }))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a folder', () => {
  testObjects(() => objects)

  test('is for this account alone', async () => {
    await objects.put('ab-one.jpg', Buffer.from('one'))
    expect(statSync(home).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(home, 'ab', 'ab-one.jpg')).mode & 0o777).toBe(0o600)
  })

  test('shows what a crash left half-written as well, so that it can be removed', async () => {
    await objects.put('ab-one.jpg', Buffer.from('one'))
    writeFileSync(path.join(home, 'ab', 'ab-two.jpg.x1-_z'), 'half')
    expect(await listNames(objects)).toEqual(['ab-one.jpg', 'ab-two.jpg.x1-_z'])
    await objects.remove('ab-two.jpg.x1-_z')
    expect(readdirSync(path.join(home, 'ab'))).toEqual(['ab-one.jpg'])
  })

  test('that cannot be written says so by a code', async () => {
    const file = path.join(folder, 'no-folder')
    writeFileSync(file, '')
    await expect(createDiskObjects(file).put('one.jpg', Buffer.from('x'))).rejects.toMatchObject({
      reason: 'ENOTDIR',
    })
  })
})
