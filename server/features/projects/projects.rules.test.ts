import { expect, test } from '@jest/globals'
import { DEFAULTS } from '../settings/settings.rules.ts'
import { findCurrentStage, findFinishedAt, findNextAt, findStatusKind, readCursor, toCursor, toStanding, toStatusKind, type StatusKind } from './projects.rules.ts'

test('the stage to show is the active one, else the next, else the last', () => {
  expect(findCurrentStage([{ name: 'a', status: 'done' }, { name: 'b', status: 'active' }, { name: 'c', status: 'pending' }])).toBe('b')
  expect(findCurrentStage([{ name: 'a', status: 'done' }, { name: 'b', status: 'pending' }])).toBe('b')
  expect(findCurrentStage([{ name: 'a', status: 'done' }, { name: 'b', status: 'done' }])).toBe('b')
  expect(findCurrentStage([])).toBeUndefined()
})

test('what comes next is when the stage to show is planned to be done, while it is not', () => {
  const at = '2026-03-20T01:00:00.000Z'
  const stage = (status: 'pending' | 'active' | 'done', plannedAt: string | null) => ({ status, plannedAt })
  expect(findNextAt([stage('done', '2026-03-01T01:00:00Z'), stage('active', at), stage('pending', '2026-04-01T01:00:00Z')])).toEqual(new Date(at))
  expect(findNextAt([stage('pending', at), stage('active', null)])).toBeNull()
  expect(findNextAt([stage('done', null), stage('pending', at), stage('pending', '2026-04-01T01:00:00Z')])).toEqual(new Date(at))
  expect(findNextAt([stage('done', at)])).toBeNull()
  expect(findNextAt([])).toBeNull()
})

const WORDS = { running: ['施工中', 'Running'], finished: ['已完成', ' finished '] }

test.each<[string, StatusKind]>([
  ['已完成', 'finished'], ['  已完成 ', 'finished'], ['FINISHED', 'finished'], ['施工中', 'running'], ['running', 'running'],
  ['已完成一半', 'unknown'], ['未完成', 'unknown'], ['', 'unknown'], ['客户失联', 'unknown'],
])('the status word %j is %s, and one that nobody mapped is neither', (word, kind) => expect(toStatusKind(word, WORDS)).toBe(kind))

test('the stated word decides, whatever the stages say; without one it runs until all stages are done', () => {
  const [done, active] = [{ name: 'a', status: 'done' }, { name: 'b', status: 'active' }] as const
  expect(findStatusKind('施工中', [done], WORDS)).toBe('running')
  expect(findStatusKind('不认识', [done], WORDS)).toBe('unknown')
  expect(findStatusKind(null, [done], WORDS)).toBe('finished')
  expect(findStatusKind(null, [done, active], WORDS)).toBe('running')
  expect(findStatusKind(null, [], WORDS)).toBe('running')
})

test('it was finished on the day of its last stage, else when it was signed, else on no day at all', () => {
  const signedAt = new Date('2019-01-01T00:00:00Z')
  const stages = [{ name: 'a', status: 'done', doneAt: '2025-01-02T00:00:00+08:00' }, { name: 'b', status: 'done', doneAt: null }] as const
  expect(findFinishedAt({ kind: 'finished', stages, signedAt })).toEqual(new Date('2025-01-01T16:00:00Z'))
  expect(findFinishedAt({ kind: 'finished', stages: [], signedAt })).toBe(signedAt)
  expect(findFinishedAt({ kind: 'finished', stages: [], signedAt: null })).toBeNull()
  for (const kind of ['running', 'unknown'] as const) expect(findFinishedAt({ kind, stages, signedAt })).toBeNull()
})

test('the day of signing is what the order says, else the day in its number', () => {
  const settings = { ...DEFAULTS, statusWords: WORDS, orderNoDatePattern: 'SO{yyyy}{MM}{dd}-*' }
  const at = (signedAt: unknown, orderNo = 'SO20240315-7') =>
    toStanding({ orderNo, status: '已完成', signedAt, stages: [] }, { settings, timeZone: 'Asia/Shanghai' }).signedAt
  expect(at('2024-01-01T00:00:00Z')).toEqual(new Date('2024-01-01T00:00:00Z'))
  for (const none of [undefined, null, 'soon', 5]) expect(at(none)).toEqual(new Date('2024-03-14T16:00:00Z'))
  expect(at(undefined, 'JD-1')).toBeNull()
})

test('a cursor survives the trip, and a made-up one is refused', () => {
  const position = { updatedAt: new Date(1_700_000_000_123), id: '0b7e9c1e-6a52-4a5f-9c5d-0d6a8f3b2c11' }
  expect(readCursor(toCursor(position))).toEqual(position)
  for (const bad of ['', 'x', '!!!', toCursor({ ...position, id: "'; drop table projects" })]) expect(readCursor(bad)).toBeNull()
})
