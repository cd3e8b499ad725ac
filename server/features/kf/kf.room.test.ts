import { expect, test } from '@jest/globals'
import type { WecomEvent } from '../../outside/wecom/wecom.event.ts'
import { kfRoom } from './kf.room.ts'
import type { Kf } from './kf.ts'

const { onPlatformEvent } = kfRoom({} as Kf)
const hear = (event: WecomEvent) => onPlatformEvent!(event, { id: 1, receivedAt: new Date(0) })

test('only the ring of a kf account orders a pull', () => {
  expect(hear({ kind: 'kf-rang', openKfId: 'wk1', token: 't' })).toMatchObject([
    { name: 'kf.pull', payload: { openKfId: 'wk1', token: 't' } },
  ])
  expect(hear({ kind: 'other' })).toEqual([])
})
