import { expect, test } from '@jest/globals'
import { testDatabase } from '../test/database.ts'
import { up } from '../migrations/0026_lanes.ts'

test('what waits in the queue of a contact goes on in its lane, in its order; nothing of the queues stays', async () => {
  const { db } = await testDatabase()
  await db.raw('drop table lane_jobs')
  const add = (name: string, more: object) =>
    db.raw(
      `select graphile_worker.add_job(:name, :payload::json, queue_name => :queue, job_key => :key, max_attempts => 8)`,
      { queue: null, key: null, payload: '{}', name, ...more },
    )
  const queue = 'contact:wm1'
  await add('kf.handle', { queue, key: 'kf.handle:wm1', payload: '{"externalUserId":"wm1"}' })
  await add('binding.settle', { queue, payload: '{"pendingId":"p"}' })
  await add('kf.pull', { queue: 'kf:wk1' })
  await add('kf.tidy', {})
  await up(db)
  expect(
    await db('lane_jobs').orderBy('id').select('lane', 'name', 'key', 'payload', 'max_attempts'),
  ).toEqual([
    {
      lane: queue,
      name: 'kf.handle',
      key: 'kf.handle:wm1',
      payload: { externalUserId: 'wm1' },
      max_attempts: 8,
    },
    {
      lane: queue,
      name: 'binding.settle',
      key: null,
      payload: { pendingId: 'p' },
      max_attempts: 8,
    },
  ])
  expect(await db('graphile_worker.jobs').orderBy('id').pluck<string[]>('task_identifier')).toEqual(
    ['kf.pull', 'kf.tidy'],
  )
  expect(await db('graphile_worker._private_job_queues').pluck('queue_name')).toEqual(['kf:wk1'])
})
