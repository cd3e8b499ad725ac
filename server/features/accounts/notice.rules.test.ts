import { expect, test } from '@jest/globals'
import { toNotice, type Tie } from './accounts.rules.ts'

const now = new Date('2026-03-10T00:00:00Z')
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 24 * 3_600_000)
const tie = (more: Partial<Tie> = {}): Tie => ({ app: 'miniprogram', way: '某种方式', tiedAt: daysAgo(1), endedAt: null, endedBy: null, silent: true, ...more })

test.each([
  ['nothing happened', { own: undefined, beside: undefined }, undefined],
  ['his own tie was made silently', { own: tie(), beside: undefined }, 'bound'],
  ['his own tie was told in the chat', { own: tie({ silent: false }), beside: undefined }, undefined],
  ['that was a week ago', { own: tie({ tiedAt: daysAgo(7) }), beside: undefined }, undefined],
  ['it ended in the chat', { own: tie({ endedAt: daysAgo(0), endedBy: 'contact' }), beside: undefined }, 'unbound'],
  ['an admin ended it', { own: tie({ endedAt: daysAgo(0), endedBy: 'admin', silent: false }), beside: undefined }, 'unbound'],
  ['he ended it here himself', { own: tie({ endedAt: daysAgo(0), endedBy: 'customer' }), beside: undefined }, undefined],
  ['an end of which nothing is known', { own: tie({ endedAt: daysAgo(0) }), beside: undefined }, undefined],
  ['somebody else was tied beside him, later', { own: tie({ tiedAt: daysAgo(3) }), beside: tie({ tiedAt: daysAgo(2) }) }, 'bound_beside'],
  ['somebody else was tied before him', { own: tie({ tiedAt: daysAgo(2) }), beside: tie({ tiedAt: daysAgo(3) }) }, 'bound'],
] as const)('%s (%j) is told as %s', (_, news, kind) => {
  expect(toNotice({ ...news, now })?.kind).toBe(kind)
})

test('whoever is bound reads how, and how to end it', () => {
  expect(toNotice({ own: tie(), beside: undefined, now })).toEqual({
    kind: 'bound', at: daysAgo(1).toISOString(), text: expect.stringMatching(/某种方式.*「我的」里解除绑定.*「解绑」/),
  })
})
