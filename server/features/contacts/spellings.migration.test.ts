import { expect, test } from '@jest/globals'
import { up } from '../../migrations/0022_undocumented.ts'
import { testDatabase } from '../../test/database.ts'

/** The columns as the version before had them. */
const BEFORE = `
  alter table pending_bindings drop column welcome_until;
  alter table kf_cursors drop column served_by_people_at;
  alter table members alter column userid type text collate "default";
  alter table contact_follows alter column userid type text collate "default", alter column oper_userid type text collate "default";
  alter table wework_customer_events alter column employee_userid type text collate "default";
  alter table evidence alter column member_userid type text collate "default";
  alter table reviews alter column member_userid type text collate "default";
  alter table member_failures alter column userid type text collate "default";
  alter table staff_sessions alter column userid type text collate "default";
  alter table question_notices alter column userid type text collate "default";
  alter table tickets alter column member_userid type text collate "default";
  alter table projects alter column designer_userid type text collate "default", alter column project_manager_userid type text collate "default";
  alter table operation_log alter column operator_userid type text collate "default";
  drop collation userid;
`
const [early, late] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-02-01T00:00:00Z')]

test('one member in two spellings becomes one, what he proved stays, and a third spelling finds it', async () => {
  const { db } = await testDatabase()
  await db.raw(BEFORE)
  await db('contacts').insert({ external_userid: 'wm1', name: '王小明', type: 1 })
  for (const [userid, at] of [
    ['ZhangSan', early],
    ['zhangsan', late],
  ] as const) {
    await db('members').insert({ userid, name: '张三', standing: 'active', checked_at: at })
    await db('contact_follows').insert({
      external_userid: 'wm1',
      userid,
      oper_userid: userid,
      add_way: 2,
      followed_at: early,
      fetched_at: at,
    })
    const [event] = await db('wework_customer_events')
      .insert({
        event_type: 'add_external_contact',
        external_userid: 'wm1',
        employee_userid: userid,
        followed_at: early,
        customer_phone: at === late ? '13800138000' : null,
      })
      .returning<{ id: number }[]>('id')
    await db('evidence').insert({
      kind: 'phone_search',
      external_userid: 'wm1',
      member_userid: userid,
      phone_hmac: Buffer.alloc(32),
      event_id: event!.id,
      observed_at: at,
    })
    await db('reviews').insert({
      kind: 'phone_changed',
      external_userid: 'wm1',
      member_userid: userid,
      opened_at: at,
    })
  }
  await up(db)
  expect(await db('members').pluck('userid')).toEqual(['zhangsan'])
  expect(await db('contact_follows').where({ userid: 'ZHANGSAN' }).pluck('userid')).toEqual([
    'zhangsan',
  ])
  const [event] = await db('wework_customer_events')
    .where({ employee_userid: 'zhangSAN' })
    .select('id', 'employee_userid')
  expect(event).toMatchObject({ employee_userid: 'ZhangSan' })
  expect(await db('wework_customer_events').pluck('customer_phone')).toEqual(['13800138000'])
  expect(await db('evidence').whereNull('revoked_at').select('member_userid', 'event_id')).toEqual([
    { member_userid: 'ZhangSan', event_id: event.id },
  ])
  expect(await db('evidence').pluck('event_id')).toEqual([event.id, event.id])
  expect(await db('reviews').whereNull('closed_at')).toHaveLength(1)
  await expect(
    db('members').insert({ userid: 'ZHANGSAN', standing: 'active', checked_at: late }),
  ).rejects.toMatchObject({ code: '23505' })
})

test('of two follows of one member the later one stays, with what proved it and why', async () => {
  const { db } = await testDatabase()
  await db.raw(BEFORE)
  await db('contacts').insert({ external_userid: 'wm2', name: '李梅', type: 1 })
  const proof = { kind: 'phone_search', external_userid: 'wm2', phone_hmac: Buffer.alloc(32) }
  for (const [userid, at] of [
    ['ZhangSan', early],
    ['zhangsan', late],
  ] as const) {
    await db('contact_follows').insert({
      external_userid: 'wm2',
      userid,
      oper_userid: userid,
      add_way: 2,
      followed_at: at,
      fetched_at: at,
    })
    const [event] = await db('wework_customer_events')
      .insert({
        event_type: 'add_external_contact',
        external_userid: 'wm2',
        employee_userid: userid,
        followed_at: at,
      })
      .returning<{ id: number }[]>('id')
    await db('evidence').insert({
      ...proof,
      member_userid: userid,
      event_id: event!.id,
      observed_at: at,
      reason: at === early ? 'confirmed by the member' : null,
    })
  }
  await up(db)
  const [event] = await db('wework_customer_events').where({ followed_at: late })
  expect(await db('contact_follows').pluck('followed_at')).toEqual([late])
  expect(await db('evidence').whereNull('revoked_at').select('event_id', 'reason')).toEqual([
    { event_id: event.id, reason: 'confirmed by the member' },
  ])
})
