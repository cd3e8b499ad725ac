import { expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.ts'
import { noteServedByPeople, wasServedByPeople } from './kf.store.ts'

test('an account is served by people when it was seen itself, not when another was', async () => {
  const { db } = await testDatabase()
  const now = new Date(Date.UTC(2026, 2, 2, 1))
  const since = new Date(now.getTime() - 1)
  await db('kf_cursors').insert(['wk1', 'wk2'].map((id) => ({ open_kfid: id, cursor: 'c' })))
  expect(await noteServedByPeople(db, { openKfId: 'wk1', now })).toBe(true)
  expect(await noteServedByPeople(db, { openKfId: 'wk1', now })).toBe(false)
  expect(await wasServedByPeople(db, { openKfId: 'wk1', since })).toBe(true)
  expect(await wasServedByPeople(db, { openKfId: 'wk2', since })).toBe(false)
  expect(await wasServedByPeople(db, { openKfId: 'wk1', since: now })).toBe(false)
})
