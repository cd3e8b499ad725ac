import { describe, expect, test } from '@jest/globals'
import { findMain, readStatements } from './statements.rules.ts'

const at = (pid: number, said: string): string => `2026-01-01 00:00:00.000 UTC [${pid}] ${said}\n`

describe('readStatements', () => {
  test('parsing, binding and executing are one statement, whatever another connection does meanwhile', () =>
    expect(
      readStatements(
        at(1, 'LOG:  duration: 1.000 ms  parse repeated_1: select $1,\n\t  2') +
          at(2, 'LOG:  duration: 9.000 ms  execute <unnamed>: select $1') +
          at(1, 'LOG:  duration: 0.250 ms  bind repeated_1: select $1,\n\t  2') +
          at(1, `DETAIL:  Parameters: $1 = 'a'`) +
          at(2, `DETAIL:  Parameters: $1 = 'it''s', $2 = NULL`) +
          at(1, 'LOG:  duration: 0.500 ms  execute repeated_1: select $1,\n\t  2') +
          at(1, `DETAIL:  Parameters: $1 = 'a'`),
      ),
    ).toEqual([
      { text: 'select $1', values: ["it's", null], durationMs: 9 },
      { text: 'select $1,\n   2', values: ['a'], durationMs: 1.75 },
    ]))

  test('what has no parameters is left out', () =>
    expect(
      readStatements(
        at(1, 'LOG:  duration: 1.000 ms  statement: begin') + at(1, 'LOG:  checkpoint'),
      ),
    ).toEqual([]))
})

describe('findMain', () => {
  const one = (text: string, durationMs: number) => ({ text, durationMs, values: [text] })

  test('the statement that costs most of those that every request executes', () =>
    expect(
      findMain(
        [one('a', 1), one('a', 1), one('b', 2), one('b', 2), one('rare', 90), one('rare', 0)].concat(
          one('a', 1),
          one('b', 2),
        ),
        3,
      ),
    ).toEqual({ text: 'b', values: [['b'], ['b'], ['b']] }))

  test('the job runner is nobody', () =>
    expect(findMain([one('select graphile_worker.x()', 5)], 1)).toBeUndefined())
})
