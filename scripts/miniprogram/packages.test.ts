import { expect, test } from '@jest/globals'
import { assign, readPackages } from './packages.mjs'
import { findTooLarge } from './size.mjs'

const packages = readPackages({
  pages: ['pages/home/home'],
  subPackages: [{ root: 'pages/desk', pages: ['start'] }],
})

/** What there is, and what each of it needs. */
const assigned = (needs: Record<string, string[]>) =>
  assign({
    names: Object.keys(needs)
      .filter((name) => name.startsWith('miniprogram/'))
      .map((name) => name.slice('miniprogram/'.length)),
    packages,
    needs: new Map(Object.entries(needs)),
  })

const SOUND = {
  'miniprogram/app': [],
  'miniprogram/pages/home/home': ['miniprogram/lib/both', 'shared/both'],
  'miniprogram/pages/desk/start': ['miniprogram/lib/both', 'shared/both', 'shared/desk'],
  'miniprogram/lib/both': ['shared/main'],
}

test('what one package alone needs of shared/ goes into it, all else into the main package', () => {
  const { wrong, packageOf } = assigned(SOUND)
  expect(wrong).toEqual([])
  expect(['shared/both', 'shared/main', 'shared/desk'].map((module) => packageOf(module))).toEqual([
    '',
    '',
    'pages/desk',
  ])
})

test.each<[string, Record<string, string[]>, string]>([
  [
    'that the main package carries for another',
    { 'miniprogram/pages/desk/start': ['miniprogram/lib/desk'], 'miniprogram/lib/desk': [] },
    'miniprogram/lib/desk.ts: only pages/desk needs it',
  ],
  [
    'that the main package would have to fetch from another',
    {
      'miniprogram/pages/home/home': ['miniprogram/pages/desk/words', 'miniprogram/lib/both'],
      'miniprogram/pages/desk/words': [],
    },
    'miniprogram/pages/desk/words.ts lies in pages/desk, and the main package needs it',
  ],
  ['that nobody needs', { 'miniprogram/lib/old': [] }, 'miniprogram/lib/old.ts: no page needs it'],
])('a module %s is refused', (_, more, refusal) =>
  expect(assigned({ ...SOUND, ...more }).wrong.join()).toContain(refusal),
)

test('the main package may have 150 kB and any other 100 kB', () => {
  const tooLarge = (main: number, desk: number): string[] =>
    findTooLarge(
      new Map([
        ['', main],
        ['pages/desk', desk],
      ]),
    )
  expect(tooLarge(150_000, 100_000)).toEqual([])
  expect(tooLarge(150_001, 100_001)).toEqual([
    'main package 150.0 kB: more than 150 kB',
    'package pages/desk 100.0 kB: more than 100 kB',
  ])
})
