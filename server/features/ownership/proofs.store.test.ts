import { expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.ts'
import { findOwner } from './proofs.store.ts'

const NOW = new Date(Date.UTC(2026, 2, 2))
const ago = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000)

test('a number is proven since the latest of its adds and answers, and was first proven with the earliest', async () => {
  const { db } = await testDatabase()
  const phoneHmac = Buffer.from('number')
  const [customer] = await db('customers')
    .insert({ wework_userid: 'wm-1', phone: '13800138000', phone_hmac: phoneHmac })
    .returning<{ id: number }[]>('id')
  await db('evidence').insert(
    [30, 20].map((days) => ({
      kind: 'manual',
      customer_id: customer!.id,
      external_userid: 'wm-1',
      phone_hmac: phoneHmac,
      source_id: `word ${String(days)}`,
      observed_at: ago(days),
    })),
  )
  const find = () => findOwner(db, { phoneHmac, now: NOW })
  const owner = { customerId: customer!.id, contact: 'wm-1', firstAt: ago(30), addedAt: ago(20) }
  expect(await find()).toEqual({ ...owner, provenAt: ago(20) })
  await db('number_answers').insert(
    [10, 5].map((days) => ({
      external_userid: 'wm-1',
      phone_hmac: phoneHmac,
      kind: 'same',
      answered_at: ago(days),
      answered_by: 'zhangsan',
    })),
  )
  expect(await find()).toEqual({ ...owner, provenAt: ago(5) })
})
