import { expect, test } from '@jest/globals'
import { findCurrentStage, findFinishedAt, isFinished, readCursor, toCursor } from './projects.rules.ts'

test('the stage to show is the active one, else the next, else the last', () => {
  expect(findCurrentStage([{ name: 'a', status: 'done' }, { name: 'b', status: 'active' }, { name: 'c', status: 'pending' }])).toBe('b')
  expect(findCurrentStage([{ name: 'a', status: 'done' }, { name: 'b', status: 'pending' }])).toBe('b')
  expect(findCurrentStage([{ name: 'a', status: 'done' }, { name: 'b', status: 'done' }])).toBe('b')
  expect(findCurrentStage([])).toBeUndefined()
})

test('a project is finished by its status, or when all its stages are', () => {
  expect(isFinished('已完成', [])).toBe(true)
  expect(isFinished('Finished', [])).toBe(true)
  expect(isFinished('施工中', [{ name: 'a', status: 'done' }])).toBe(false)
  expect(isFinished(undefined, [{ name: 'a', status: 'done' }])).toBe(true)
  expect(isFinished(undefined, [])).toBe(false)
})

test('it was finished on the day of its last stage', () => {
  const now = new Date('2026-05-01T00:00:00Z')
  const facts = { status: 'finished', stages: [], signedAt: null, finishedBefore: null, now }
  expect(findFinishedAt({ ...facts, stages: [{ name: 'a', status: 'done', doneAt: '2025-01-02T00:00:00+08:00' }], finishedBefore: now })).toEqual(new Date('2025-01-01T16:00:00Z'))
  expect(findFinishedAt({ ...facts, finishedBefore: new Date('2020-01-01T00:00:00Z') })).toEqual(new Date('2020-01-01T00:00:00Z'))
  expect(findFinishedAt({ ...facts, signedAt: '2019-01-01T00:00:00Z' })).toEqual(new Date('2019-01-01T00:00:00Z'))
  expect(findFinishedAt(facts)).toBe(now)
  expect(findFinishedAt({ ...facts, status: '施工中', finishedBefore: now })).toBeNull()
})

test('a cursor survives the trip, and a made-up one is refused', () => {
  const position = { updatedAt: new Date(1_700_000_000_123), id: '0b7e9c1e-6a52-4a5f-9c5d-0d6a8f3b2c11' }
  expect(readCursor(toCursor(position))).toEqual(position)
  for (const bad of ['', 'x', '!!!', toCursor({ ...position, id: "'; drop table projects" })]) expect(readCursor(bad)).toBeNull()
})
