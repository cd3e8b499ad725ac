// A clean checkout has no durations of earlier runs: without this list the longest file could start last and run alone.
import Sequencer from '@jest/test-sequencer'

const LONGEST = [
  'ownership.property',
  'chaos',
  'journey',
  'numbers',
  'poison',
  'storm',
  'guessing',
  'official-late',
  'staff-numbers-page',
  'crash',
]

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((name) => path.endsWith(`${name}.test.ts`))
  return rank === -1 ? LONGEST.length : rank
}

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}
