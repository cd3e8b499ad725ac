import { expect, test } from '@jest/globals'
import { toNotice, type News, type Tie } from './accounts.rules.ts'

const now = new Date('2026-03-10T00:00:00Z')
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 24 * 3_600_000)
const tie = (more: Partial<Tie> = {}): Tie => ({ app: 'miniprogram', way: '某种方式', tiedAt: daysAgo(1), endedAt: null, endedBy: null, silent: true, ...more })
const changed = (changedAt: Date | null, toldAt: Date | null = null, mayQuery = false): News['phone'] => ({ changedAt, toldAt, mayQuery })
const NOTHING: News = { own: undefined, beside: undefined, attemptAt: null, phone: changed(null), now }

test.each<[string, Partial<News>, string | undefined]>([
  ['nothing happened', {}, undefined],
  ['his own tie was made silently', { own: tie() }, 'bound'],
  ['his own tie was told in the chat', { own: tie({ silent: false }) }, undefined],
  ['that was a week ago', { own: tie({ tiedAt: daysAgo(7) }) }, undefined],
  ['it ended in the chat', { own: tie({ endedAt: daysAgo(0), endedBy: 'contact' }) }, 'unbound'],
  ['an admin ended it', { own: tie({ endedAt: daysAgo(0), endedBy: 'admin', silent: false }) }, 'unbound'],
  ['he ended it here himself', { own: tie({ endedAt: daysAgo(0), endedBy: 'customer' }) }, undefined],
  ['an end of which nothing is known', { own: tie({ endedAt: daysAgo(0) }) }, undefined],
  ['somebody else was tied beside him, later', { own: tie({ tiedAt: daysAgo(3) }), beside: tie({ tiedAt: daysAgo(2) }) }, 'bound_beside'],
  ['somebody else was tied before him', { own: tie({ tiedAt: daysAgo(2) }), beside: tie({ tiedAt: daysAgo(3) }) }, 'bound'],
  ['he foiled an attempt', { attemptAt: daysAgo(1), own: tie({ silent: false }) }, 'attempt'],
  ['he foiled one a week ago', { attemptAt: daysAgo(7) }, undefined],
  ['he foiled one, and was tied silently since', { attemptAt: daysAgo(2), own: tie() }, 'bound'],
  ['an admin changed his phone, and he has not come since', { phone: changed(daysAgo(30)) }, 'phone_changed'],
  ['he came for the first time just now', { phone: changed(daysAgo(30), daysAgo(0)) }, 'phone_changed'],
  ['he has read it for a day', { phone: changed(daysAgo(30), daysAgo(1)) }, undefined],
  ['he had read of another change, long ago', { phone: changed(daysAgo(2), daysAgo(40)) }, 'phone_changed'],
  ['the new phone is proven', { phone: changed(daysAgo(2), null, true) }, undefined],
])('%s (%j) is told as %s', (_, news, kind) => {
  expect(toNotice({ ...NOTHING, ...news })?.kind).toBe(kind)
})

test('whoever is bound reads how, and how to end it', () => {
  expect(toNotice({ ...NOTHING, own: tie() })).toEqual({
    kind: 'bound', title: '绑定已完成', at: daysAgo(1).toISOString(), text: expect.stringMatching(/某种方式.*「我的」里解除绑定.*「解绑」/),
  })
})

test('whoever foiled an attempt reads nothing of the other, and what not to do', () => {
  const { title, text } = toNotice({ ...NOTHING, attemptAt: daysAgo(1) })!
  expect([title, text]).toEqual(['拦下了一次绑定', expect.stringMatching(/没有给别人看到。请不要替别人发送绑定码/)])
})
