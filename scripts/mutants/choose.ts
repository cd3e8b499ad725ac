import { readFileSync } from 'node:fs'
import path from 'node:path'
import { EQUAL } from './equal.ts'
import { isValid, makeMutants, type Mutant } from './make.ts'
import { findFiles, PLACES } from './places.ts'
import { drawSample } from './sample.ts'
import type { Options } from './options.ts'

export type Placed = Mutant & { place: string }
/** `equal`: those met on the way that change nothing, with why; others were drawn in their stead. */
type Choice = { drawn: Placed[]; equal: (Placed & { reason: string })[] }

const LEAST_OF_EACH_PLACE = 8
const reasons = new Map(EQUAL.map(({ id, reason }) => [id, reason]))

/** All mutants of all places. */
export function findMutants(root: string): Placed[] {
  return [...findFiles(root)].flatMap(([file, place]) =>
    makeMutants(file, readFileSync(path.join(root, file), 'utf8')).map((mutant) => ({
      ...mutant,
      place,
    })),
  )
}

/** The sample of a seed. */
export function chooseMutants(
  root: string,
  { seed, count, place }: Pick<Options, 'seed' | 'count' | 'place'>,
): Choice {
  const choice: Choice = { drawn: [], equal: [] }
  const texts = new Map<string, string>()
  const read = (file: string): string => {
    const text = texts.get(file) ?? readFileSync(path.join(root, file), 'utf8')
    texts.set(file, text)
    return text
  }
  const accepts = (one: Placed): boolean => {
    const reason = reasons.get(one.id)
    if (reason !== undefined) choice.equal.push({ ...one, reason })
    return reason === undefined && isValid(read(one.file), one)
  }
  const all = findMutants(root).filter((one) => place === undefined || one.place === place)
  choice.drawn = drawSample(all, {
    seed,
    count,
    least: Math.min(LEAST_OF_EACH_PLACE, Math.floor(count / PLACES.length)),
    accepts,
  })
  return choice
}
