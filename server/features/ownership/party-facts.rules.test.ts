import { expect, test } from '@jest/globals'
import type { Owner, Party } from './parties.rules.ts'
import { toFacts } from './party-facts.rules.ts'

const NOW = new Date(Date.UTC(2026, 2, 2))
const OWNER: Owner = { customerId: 7, contact: 'wm-1', firstAt: NOW, addedAt: NOW, provenAt: NOW }

const order = (id: number, more: Partial<Party>): Party => ({
  id,
  hidden: false,
  projectId: `project-${String(id)}`,
  orderNo: `SO-${String(id)}`,
  title: '订单',
  phoneHmac: Buffer.from('number'),
  role: 'owner',
  customerId: null,
  name: null,
  nameThen: null,
  state: 'attached',
  strength: null,
  decidedRow: 'row',
  settledHow: null,
  confirmedAt: null,
  shown: false,
  shownRow: null,
  beganAt: NOW,
  statusKind: 'running',
  designer: null,
  projectManager: null,
  imported: false,
  createdAt: NOW,
  signedAt: null,
  happenedAt: [],
  hasActiveStage: false,
  ...more,
})

test.each([
  ['that is surely his says who he is', { strength: 'strong' }, '李梅', 'same'],
  ['that is surely his speaks against another name', { strength: 'strong' }, '王建国', 'differs'],
  ['that a person gave him says who he is', { strength: 'weak', settledHow: 'answer' }, '李梅', 'same'],
  ['that is not surely his makes him known to nobody', { strength: 'weak' }, '李梅', 'nothing'],
  ['that is not surely his speaks against another name', { strength: 'weak' }, '王建国', 'differs'],
] as const)('an order %s', (_, how, name, expected) => {
  const known = order(1, { customerId: 7, name: '李梅', nameThen: '李梅', ...how })
  const party = order(2, { name })
  const facts = toFacts({
    party,
    owner: OWNER,
    formers: [],
    around: [known, party],
    inQuestion: false,
    freshMs: 0,
    now: NOW,
  })
  expect(facts.name).toBe(expected)
})

const elsewhere = { phoneHmac: Buffer.from('another'), strength: 'strong' } as const
test.each<[string, Partial<Party>, string]>([
  ['who had the number, on another one', { ...elsewhere, customerId: 8 }, 'differs'],
  ['somebody who never had it, on another one', { ...elsewhere, customerId: 9 }, 'nothing'],
  ['who had the number, and is remembered by another one', { ...elsewhere, customerId: 8, strength: null, state: 'held' }, 'differs'],
  ['who had it, and of whom nothing is kept', { settledHow: 'hand_over', state: 'held' }, 'differs'],
  ['nobody yet', { state: 'waiting' }, 'nothing'],
])('a name that an order of %s bears', (_, how, expected) => {
  const other = order(1, { name: '王建国', nameThen: '王建国', ...how })
  const party = order(2, { name: '王建国' })
  const look = { party, owner: OWNER, formers: [8], inQuestion: false, freshMs: 0, now: NOW }
  expect(toFacts({ ...look, around: [other, party] }).name).toBe(expected)
})

// known: what his other orders say who he is
test.each<[string, Partial<Party>, boolean]>([
  ['the same as then', { name: '李梅', nameThen: '李梅' }, true],
  ['the same as then, and a person has settled it', { name: '王建国', nameThen: '王建国', settledHow: 'answer' }, true],
  ['his, where a person settled it without one', { name: '李梅', nameThen: null, settledHow: 'answer' }, true],
  ['his, where a person settled it by a surname', { name: '李梅', nameThen: '李女士', settledHow: 'answer' }, true],
  ["somebody else's, where a person settled it without one", { name: '王建国', nameThen: null, settledHow: 'answer' }, false],
  ['his, where a person settled it by another full one', { name: '李梅', nameThen: '王建国', settledHow: 'answer' }, false],
  ['his, where nobody has settled it', { name: '李梅', nameThen: null }, false],
])('the name that a load brings is %s: it is named as then, or it is news', (_, how, expected) => {
  const known = order(1, { customerId: 7, name: '李梅', nameThen: '李梅', strength: 'strong' })
  const party = order(2, { customerId: 7, ...how })
  const look = { party, owner: OWNER, formers: [], inQuestion: false, freshMs: 0, now: NOW }
  expect(toFacts({ ...look, around: [known, party] }).isNamedAsThen).toBe(expected)
})
