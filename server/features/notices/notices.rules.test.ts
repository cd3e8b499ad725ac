import { expect, test } from '@jest/globals'
import { decideAgain, isBelieved, toQuietHours, VERDICTS } from './notices.rules.ts'
import { findTemplateProblems } from './templates.rules.ts'

test.each([
  [{ left: 0, today: 0 }, true], [{ left: 9, today: 19 }, true], [{ left: 10, today: 0 }, false], [{ left: 0, today: 20 }, false],
])('what only the client says is believed within bounds: %j', (counts, believed) => expect(isBelieved(counts)).toBe(believed))

const DOUBT = { hasHeard: true, left: 0, alsoInDoubt: 0, tries: 1 }
test.each([
  [{}, 'same consent'], [{ left: 1 }, 'another consent'], [{ alsoInDoubt: 1 }, 'same consent'], [{ tries: 3 }, 'never'],
  [{ hasHeard: false }, 'same consent'], [{ hasHeard: false, left: 1 }, 'never'], [{ hasHeard: false, alsoInDoubt: 1 }, 'never'],
])('a message in doubt, %j, is sent again: %s', (doubt, again) => expect(decideAgain({ ...DOUBT, ...doubt })).toBe(again))

test('a consent comes back only where nothing was sent for certain', () => {
  const of = (consent: string) => Object.entries(VERDICTS).filter(([, verdict]) => verdict.consent === consent).map(([reason]) => reason).toSorted()
  expect(of('ended')).toEqual(['no_consent', 'unknown_openid'])
  expect(of('spent')).toEqual(['other'])
  expect(Object.values(VERDICTS).filter((verdict) => verdict.alarm && verdict.consent !== 'back')).toEqual([])
})

test('quiet hours are read as the settings say them', () => {
  expect(toQuietHours('21:00-08:30')).toEqual({ from: '21:00', to: '08:30' })
  expect(toQuietHours('off')).toBeNull()
})

const OURS = { templateId: 't1', page: 'pages/home/home?x=1', fields: { thing1: 'project', time2: 'at' } }
const THEIRS = { templateId: 't1', title: '进度', isOneTime: true, keys: ['thing1', 'time2'] }
test.each([
  [{}, [THEIRS], []],
  [{}, [], [{ templateId: 't1', problem: 'not_there' }]],
  [{}, [{ ...THEIRS, isOneTime: false }], [{ templateId: 't1', problem: 'not_one_time' }]],
  [{}, [{ ...THEIRS, keys: ['thing1', 'thing3'] }], [{ templateId: 't1', problem: 'other_keys', keys: ['time2', 'thing3'] }]],
  [{ page: 'pages/gone' }, [THEIRS], [{ templateId: 't1', problem: 'no_page' }]],
])('a template of ours with %j beside theirs', (change, theirs, problems) => expect(findTemplateProblems([{ ...OURS, ...change }], theirs)).toEqual(problems))
