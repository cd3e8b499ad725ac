import { expect, test } from '@jest/globals'
import { hearKf } from './kf.jobs.ts'

test('only the ring of a kf account orders a pull', () => {
  expect(
    hearKf({ kind: 'kf-rang', openKfId: 'wk1', token: 't' } as Parameters<typeof hearKf>[0]),
  ).toMatchObject([{ name: 'kf.pull', payload: { openKfId: 'wk1', token: 't' } }])
  expect(hearKf({ kind: 'other' } as Parameters<typeof hearKf>[0])).toEqual([])
})
