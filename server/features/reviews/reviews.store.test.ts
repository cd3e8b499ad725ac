import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { closeMoot } from './reviews.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const now = new Date(Date.UTC(2026, 2, 2, 1))
const KIND = 'phone_proven_for_other_contact'
const noted = (phone: string) => ({ followedAt: now, noted: [phone] })

test('what a remark asked is moot for that contact and member only, and only when the remark is another', async () => {
  const { db } = database
  const review = (externalUserId: string, userId: string | null, kind = KIND) => ({
    kind,
    external_userid: externalUserId,
    member_userid: userId,
    detail: JSON.stringify(noted('a')),
    opened_at: now,
  })
  await db('reviews').insert([
    review('wm1', 'changed'),
    review('wm1', 'same'),
    review('wm1', 'left'),
    review('wm1', 'changed', 'several_phones'),
    review('wm2', 'changed'),
    review('wm1', null),
  ])
  const told = [
    { userId: 'changed', detail: noted('b') },
    { userId: 'same', detail: noted('a') },
  ]
  await closeMoot(db, { externalUserId: 'wm1', kinds: [KIND], noted: told, now })
  const open = await db('reviews')
    .whereNull('closed_at')
    .orderBy('id')
    .select<{ external_userid: string; member_userid: string | null; kind: string }[]>(
      'external_userid',
      'member_userid',
      'kind',
    )
  expect(open.map((row) => [row.external_userid, row.member_userid, row.kind])).toEqual([
    ['wm1', 'same', KIND],
    ['wm1', 'changed', 'several_phones'],
    ['wm2', 'changed', KIND],
    ['wm1', null, KIND],
  ])
  expect(
    await db('reviews').whereNotNull('closed_at').distinct('closed_by').pluck('closed_by'),
  ).toEqual(['decision table'])
})
