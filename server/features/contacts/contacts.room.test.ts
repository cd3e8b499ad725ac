import { expect, test } from '@jest/globals'
import type { WecomEvent } from '../../outside/wecom/wecom.event.ts'
import { contactsRoom } from './contacts.room.ts'
import type { Contacts } from './contacts.ts'

const { onPlatformEvent } = contactsRoom({} as Contacts)
const hear = (event: WecomEvent) => onPlatformEvent!(event, { id: 7, receivedAt: new Date(0) })

test('only what happened to a contact is taken up, without its welcome code', () => {
  const added: WecomEvent = {
    kind: 'contact-changed',
    change: 'added',
    externalUserId: 'wm1',
    userId: 'zhangsan',
    at: new Date(0),
    welcomeCode: 'secret',
  }
  expect(hear(added)).toMatchObject([
    { name: 'contacts.take-change', payload: { externalUserId: 'wm1', callbackId: 7 } },
  ])
  expect(JSON.stringify(hear(added))).not.toContain('secret')
  expect(hear({ kind: 'kf-rang', openKfId: 'wk1', token: 't' })).toEqual([])
})
