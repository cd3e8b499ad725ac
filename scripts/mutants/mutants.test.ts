import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { chooseMutants, findMutants } from './choose.ts'
import { EQUAL } from './equal.ts'
import { applyMutant, describeMutant, makeMutants } from './make.ts'
import { DEFAULT_SEED } from './options.ts'
import { findSuite, PLACES } from './places.ts'
import { addProbes, probesAt } from './probes.ts'
import { planTests, type Reach } from './reach.ts'
import { drawSample } from './sample.ts'
import { mutateSql } from './sql.ts'

const root = path.resolve(import.meta.dirname, '..', '..')
const changes = (text: string, file = 'server/x.ts'): string[] =>
  makeMutants(file, text).map(describeMutant)

describe('a file is broken by', () => {
  test.each<[string, string, string[]]>([
    [
      'an operator turned round',
      'const f = (a: number) => a < 3 - a',
      ['a < 3 - a  =>  a >= 3 - a', '3  =>  3 * 2', '3 - a  =>  3 + a'],
    ],
    [
      'a condition that is always so',
      'function f() { if (a) return 2 }',
      ['a  =>  true', 'a  =>  false', '2  =>  2 * 2'],
    ],
    [
      'an action left out',
      'async function f() { await store.put(db) }',
      ['await store.put(db)  =>  ;'],
    ],
    ['a denial taken out', 'const f = () => !a', ['!a  =>  a']],
    [
      'a condition of a query left out',
      `const f = (db: Db) => db('t').where({ id }).whereNull('at')`,
      [`.where({ id })  =>  (nothing)`, `.whereNull('at')  =>  (nothing)`],
    ],
    [
      'one of several conditions left out',
      `const f = (db: Db) => db('t').where({ id, a: b })`,
      [`.where({ id, a: b })  =>  (nothing)`, 'id,  =>  (nothing)', ', a: b  =>  (nothing)'],
    ],
  ])('%s', (_, text, expected) => expect(changes(text)).toEqual(expected))

  test.each([
    ['types', `type A = { kind: 'a' | 2; ok: true }\nconst f = (a: 1 | 2): a is 1 => g(a as 1)`],
    ['imports', `import { a } from './a.ts'`],
    ['the log', `if (a === b) deps.log.warn({ n: 1 }, 'told')\ndeps.log.info('told')`],
    ['names of what any object has', 'const f = () => a.toString()'],
  ])('nothing in %s', (_, text) => expect(changes(text)).toEqual([]))

  test('an exact limit and a word answered, in rules only', () => {
    const text = `const f = (a: number) => (a > b ? 'early' : 'late')`
    expect(changes(text)).toEqual(['a > b  =>  true', 'a > b  =>  false', 'a > b  =>  a <= b'])
    expect(changes(text, 'server/features/x/x.rules.ts')).toEqual([
      'a > b  =>  true',
      'a > b  =>  false',
      'a > b  =>  a <= b',
      'a > b  =>  a >= b',
      `'early'  =>  ''`,
      `'late'  =>  ''`,
    ])
  })

  test('one piece, and the rest stays as it was', () => {
    const text = 'const a = 1 // one\nconst b = x && y\n'
    expect(makeMutants('server/x.ts', text).map((mutant) => applyMutant(text, mutant))).toEqual([
      'const a = 1 * 2 // one\nconst b = x && y\n',
      'const a = 1 // one\nconst b = x || y\n',
    ])
  })
})

describe('SQL is broken by', () => {
  const broken = (sql: string): string[] =>
    mutateSql(sql).map(({ start, end, after }) => sql.slice(0, start) + after + sql.slice(end))

  test.each<[string, string, string[]]>([
    [
      'a condition left out, whole',
      'select 1 from t where a and (b or f(c, d)) and e is null order by a',
      [
        'select 1 from t where a and e is null order by a',
        'select 1 from t where a and (b or f(c, d)) order by a',
        'select 1 from t where a and (b or f(c, d)) and e is not null order by a',
      ],
    ],
    [
      'the end of a bracket respected',
      'where x and exists (select 1 from t where a and b)',
      ['where x', 'where x and exists (select 1 from t where a)'],
    ],
    ['a comparison turned round', 'select 1 from t where a <= b', ['select 1 from t where a > b']],
    ['the order turned round', 'select 1 from t order by a desc', ['select 1 from t order by a']],
  ])('%s', (_, sql, expected) => expect(broken(sql)).toEqual(expected))

  test.each([
    ['a positional parameter', 'where a = ? and b = ?'],
    ['between', 'where a between 1 and 2'],
    ['no SQL', 'orders: a, b'],
  ])('nothing with %s', (_, sql) => expect(broken(sql)).toEqual([]))
})

describe('the sample', () => {
  const all = Array.from({ length: 200 }, (_, at) => ({
    id: `m${String(at)}`,
    place: at < 10 ? 'small' : 'large',
  }))
  const draw = (seed: number, from = all, accepts: (one: { id: string }) => boolean = () => true) =>
    drawSample(from, { seed, count: 40, least: 8, accepts }).map(({ id }) => id)

  test('is the same for a seed and another for another', () => {
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  test('has at least eight of each place, and as many as asked for', () => {
    const ids = draw(1)
    expect(ids).toHaveLength(40)
    expect(ids.filter((id) => Number(id.slice(1)) < 10).length).toBeGreaterThanOrEqual(8)
  })

  test('hardly changes when code is added, and passes over what is not accepted', () => {
    const more = [...all, { id: 'new', place: 'large' }]
    expect(draw(1, more).filter((id) => !draw(1).includes(id)).length).toBeLessThanOrEqual(1)
    const [first] = draw(1)
    expect(draw(1, all, ({ id }) => id !== first)).not.toContain(first)
  })

  test('of the code is listed the same each time, eight of each place or more', () => {
    const options = { seed: DEFAULT_SEED, count: 150, place: undefined }
    const [first, second] = [chooseMutants(root, options).drawn, chooseMutants(root, options).drawn]
    expect(first.map(({ id }) => id)).toEqual(second.map(({ id }) => id))
    const places = first.map(({ place }) => place)
    expect(places).toHaveLength(150)
    for (const { name } of PLACES)
      expect([name, places.filter((place) => place === name).length >= 8]).toEqual([name, true])
  })
})

test('all mutants have names of their own, and each equal one is still there and says why', () => {
  const ids = new Set(findMutants(root).map(({ id }) => id))
  expect(ids.size).toBe(findMutants(root).length)
  for (const { id, reason } of EQUAL) {
    expect([id, ids.has(id)]).toEqual([id, true])
    expect(reason.length).toBeGreaterThan(20)
  }
})

describe('which tests judge', () => {
  const text =
    'const LIMIT = 2\nexport function f(a: number) { return a < LIMIT }\nexport const make = (b: B) => ({ go: () => b })\n'

  test('every function says when it runs, in what it answers as before', () => {
    expect(addProbes('x.ts', 'const f = (a: A) => g(() => a)')).toBe(
      'const f = (a: A) => (globalThis.__mutantProbe?.("x.ts#0"), g(() => (globalThis.__mutantProbe?.("x.ts#1"), a)))',
    )
    expect(addProbes('x.ts', 'function f() { return 1 }')).toBe(
      'function f() {globalThis.__mutantProbe?.("x.ts#0"); return 1 }',
    )
  })

  test('a change shows in its function, in those it makes, and a constant in those that mention it', () => {
    expect(probesAt('x.ts', text, text.indexOf('a < LIMIT'))).toEqual({
      own: 'x.ts#0',
      related: [],
    })
    expect(probesAt('x.ts', text, text.indexOf('({ go'))).toEqual({
      own: 'x.ts#1',
      related: ['x.ts#2'],
    })
    expect(probesAt('x.ts', text, text.indexOf('2'))).toEqual({ own: null, related: ['x.ts#0'] })
  })

  test('the tests that reach it, the nearest file first, until the time is spent', () => {
    const reach: Reach = [
      {
        file: 'far.test.ts',
        test: 'a',
        ms: 10_000,
        failed: false,
        reached: ['x.ts#0', 'y.ts#1', 'y.ts#2'],
        opening: [],
      },
      {
        file: 'near.test.ts',
        test: 'b',
        ms: 10_000,
        failed: false,
        reached: ['x.ts#0'],
        opening: [],
      },
      {
        file: 'near.test.ts',
        test: 'c',
        ms: 10_000,
        failed: false,
        reached: [],
        opening: ['x.ts#0'],
      },
    ]
    const change = { file: 'x.ts', own: 'x.ts#0', related: [] }
    expect(Object.entries(planTests(reach, change, 60_000).tests)).toEqual([
      ['near.test.ts', ['b']],
      ['far.test.ts', ['a']],
    ])
    expect(Object.keys(planTests(reach, change, 5_000).tests)).toEqual(['near.test.ts'])
    expect(planTests(reach, { file: 'x.ts', own: 'x.ts#9', related: [] }, 60_000).tests).toEqual({})
  })

  test('the suite leaves out what starts processes', () => {
    const suite = findSuite(root)
    expect(suite).toContain('server/stories/binding.test.ts')
    for (const file of suite)
      expect(readFileSync(path.join(root, file), 'utf8')).not.toMatch(
        /test\/(mortal|processes)\.ts'/,
      )
  })
})
