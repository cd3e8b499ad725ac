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
    around: [known, party],
    inQuestion: false,
    freshMs: 0,
    now: NOW,
  })
  expect(facts.name).toBe(expected)
})
