import { expect, test } from '@jest/globals'
import { up } from '../../migrations/0019_settings.ts'
import { testDatabase } from '../../test/database.ts'
import { toStatusKind } from '../projects/projects.rules.ts'
import { DEFAULTS } from './settings.rules.ts'

const SIGNED = '2019-01-01T00:00:00.000Z'
const DONE = '2020-06-01T00:00:00.000Z'
const LOADED = '2026-01-01T00:00:00.000Z'

type Old = { status: string; order?: object; stages?: ('done' | 'active')[]; finishedAt?: string }
/** Orders as the version before kept them. */
const OLD: Old[] = [
  { status: '已完成', finishedAt: LOADED },
  { status: '已完成', order: { signedAt: '2019-01-01T08:00:00+0800' }, finishedAt: LOADED },
  { status: '已完成', stages: ['done'], finishedAt: DONE },
  { status: '进行中' },
  { status: '进行中', stages: ['active'] },
  { status: '客户失联', order: { signedAt: null } },
  { status: ' 施工中 ' },
  { status: '已交付', stages: ['active'] },
  { status: '未知', order: { signedAt: 'soon' } },
]

test('orders that are there keep what they say, and lose the days that were made up', async () => {
  const { db } = await testDatabase()
  await db.raw(
    'drop table settings; alter table projects drop status_stated, drop status_kind, drop signed_at',
  )
  for (const [index, { status, order, stages, finishedAt }] of OLD.entries()) {
    const [row] = await db('projects')
      .insert({
        order_no: `SO-${String(index)}`,
        title: 'x',
        status,
        order_info: order ?? {},
        finished_at: finishedAt ?? null,
        content_hash: Buffer.alloc(32),
        updated_at: LOADED,
      })
      .returning<{ id: string }[]>('id')
    for (const [position, stage] of (stages ?? []).entries()) {
      await db('project_stages').insert({
        project_id: row!.id,
        position,
        name: 'a',
        status: stage,
        done_at: stage === 'done' ? DONE : null,
      })
    }
  }
  await up(db)
  const rows = await db('projects')
    .orderBy('order_no')
    .select('status_stated', 'status_kind', 'signed_at', 'finished_at')
  expect(
    rows.map((row) => [
      row.status_stated,
      row.status_kind,
      row.signed_at?.toISOString(),
      row.finished_at?.toISOString(),
    ]),
  ).toEqual([
    [true, 'finished', undefined, undefined],
    [true, 'finished', SIGNED, SIGNED],
    [false, 'finished', undefined, DONE],
    [false, 'running', undefined, undefined],
    [false, 'running', undefined, undefined],
    [true, 'unknown', undefined, undefined],
    [true, 'running', undefined, undefined],
    [true, 'finished', undefined, undefined],
    [true, 'unknown', undefined, undefined],
  ])
})

test('it knows the words that are mapped by default', async () => {
  const { db } = await testDatabase()
  await db.raw(
    'drop table settings; alter table projects drop status_stated, drop status_kind, drop signed_at',
  )
  const words = [...DEFAULTS.statusWords.running, ...DEFAULTS.statusWords.finished].filter(
    (word) => word !== '进行中',
  )
  await db('projects').insert(
    words.map((status, index) => ({
      order_no: `SO-${String(index)}`,
      title: 'x',
      status,
      content_hash: Buffer.alloc(32),
      updated_at: LOADED,
    })),
  )
  await up(db)
  const rows = await db('projects').select('status', 'status_kind')
  expect(
    rows.filter((row) => row.status_kind !== toStatusKind(row.status, DEFAULTS.statusWords)),
  ).toEqual([])
})
