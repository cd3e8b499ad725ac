import { expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.ts'
import { inherit, pageOfProject, writeShown } from './ownership.store.ts'
import type { Party } from './ownership.ts'

test('what one party inherits or shows is its own: no other order changes hands', async () => {
  const { db } = await testDatabase()
  const [customer] = await db('customers').insert({}).returning<{ id: number }[]>('id')
  const orders = await db('projects')
    .insert(
      ['SO-1', 'SO-2'].map((orderNo) => ({
        order_no: orderNo,
        title: '订单',
        status: '施工中',
        content_hash: Buffer.from(orderNo),
        updated_at: new Date(),
      })),
    )
    .returning<{ id: string }[]>('id')
  const parties = await db('project_parties')
    .insert(
      orders.map(({ id }, at) => ({
        project_id: id,
        phone_hmac: Buffer.from(`number ${String(at)}`),
        role: 'owner',
        created_at: new Date(),
      })),
    )
    .returning<{ id: number }[]>('id')
  const [heir, other] = parties.map(({ id }) => id)
  const states = () =>
    db('project_parties')
      .orderBy('id')
      .select('id', 'state', 'shown', { customerId: 'customer_id' })
  const [, before] = await states()
  await inherit(db, {
    id: heir,
    customerId: customer!.id,
    strength: 'strong',
    decidedRow: 'settled',
    settledHow: 'answer',
    confirmedAt: null,
    shown: true,
    shownRow: 'sure',
  } as unknown as Party)
  expect(await states()).toEqual([
    { id: heir, state: 'attached', shown: true, customerId: customer!.id },
    before,
  ])
  await writeShown(db, { id: heir!, shown: false, shownRow: 'doubted' as never })
  expect(await states()).toMatchObject([{ shown: false }, { id: other, ...(before as object) }])
})

test('what has no day yet happened on no day', async () => {
  const { db } = await testDatabase()
  const [project] = await db('projects')
    .insert({
      order_no: 'SO-DAYS',
      title: '订单',
      status: '施工中',
      content_hash: Buffer.from('SO-DAYS'),
      updated_at: new Date(),
    })
    .returning<{ id: string }[]>('id')
  const projectId = project!.id
  const [done, installed] = [new Date(Date.UTC(2026, 0, 1)), new Date(Date.UTC(2026, 0, 2))]
  await db('project_parties').insert({
    project_id: projectId,
    phone_hmac: Buffer.from('number'),
    role: 'owner',
    created_at: new Date(),
  })
  await db('project_stages').insert(
    [done, null].map((at, position) => ({
      project_id: projectId,
      position,
      name: '生产',
      status: at ? 'done' : 'pending',
      done_at: at,
    })),
  )
  await db('project_equipment').insert(
    [installed, null].map((at, position) => ({
      project_id: projectId,
      position,
      name: '柜子',
      installed_at: at,
    })),
  )
  expect(await pageOfProject(db, projectId)).toMatchObject([{ happenedAt: [done, installed] }])
})
