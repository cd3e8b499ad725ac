import { expect, test } from '@jest/globals'
import type { MemberLook } from '../../outside/wecom/members.ts'
import { hasLeft, toStanding, type Standing } from './members.rules.ts'

test.each<[MemberLook, Standing, boolean]>([
  [{ kind: 'found', name: '孙丽', active: true }, 'active', false],
  [{ kind: 'found', name: null, active: true }, 'active', false],
  [{ kind: 'found', name: '孙丽', active: false }, 'disabled', true],
  [{ kind: 'gone' }, 'gone', true],
  [{ kind: 'hidden' }, 'hidden', false],
])('%j: %s, has left %s', (look, standing, left) => {
  expect(toStanding(look)).toBe(standing)
  expect(hasLeft(standing)).toBe(left)
})
