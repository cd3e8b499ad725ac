import { expect, test } from '@jest/globals'
import { applyChange, DEFAULTS, type Change } from './settings.rules.ts'

const NOW = new Date('2026-05-10T04:00:00Z')
const GO_LIVE = '2026-05-01T00:00:00.000Z'

test('by default no word is in both lists, and of an order only amount and day of signing are shown', () => {
  expect(applyChange(DEFAULTS, {}, NOW)).toEqual({ kind: 'settings', settings: DEFAULTS })
  expect(DEFAULTS.orderFields.map(({ key }) => key)).toEqual(['amount', 'signedAt'])
})

test.each<Change>([
  { freshDays: 30 }, { orderNoDatePattern: 'SO{yyyy}{MM}{dd}-*' }, { goLiveAt: GO_LIVE }, { orderFields: [] }, { statusWords: { running: ['开工'], finished: ['收工'] } },
])('a change of %j leaves the rest', (change) => {
  expect(applyChange(DEFAULTS, change, NOW)).toEqual({ kind: 'settings', settings: { ...DEFAULTS, ...change } })
})

test('one list of words stays when the other is given', () => {
  const changed = applyChange(DEFAULTS, { statusWords: { running: ['开工'] } }, NOW)
  expect(changed).toMatchObject({ settings: { statusWords: { running: ['开工'], finished: DEFAULTS.statusWords.finished } } })
})

test.each([[['完工']], [[' 完工 ']], [['开工', 'DONE']]])('running words %j, one of which means finished already, are refused', (running) => {
  expect(applyChange(DEFAULTS, { statusWords: { running } }, NOW)).toEqual({ kind: 'word_in_both_lists', word: running.at(-1) })
})

test.each<[string, string | null, string | null, string]>([
  ['the first time', null, GO_LIVE, 'settings'], ['never, once more', null, null, 'settings'], ['the same in another zone', GO_LIVE, '2026-05-01T08:00:00+08:00', 'settings'],
  ['another day', GO_LIVE, '2026-05-02T00:00:00Z', 'set_once'], ['taken back', GO_LIVE, null, 'set_once'],
  ['tomorrow', null, '2026-05-11T00:00:00Z', 'in_future'],
])('the day of going live, %s', (_, before, goLiveAt, kind) => {
  expect(applyChange({ ...DEFAULTS, goLiveAt: before }, { goLiveAt }, NOW).kind).toBe(kind)
})
