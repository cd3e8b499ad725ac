import type { Bell } from './bell.ts'
import { nextRandom, randomId } from '../base/random.ts'
import type { Person, World } from './types.ts'

/** What every act is played on: the world, its clock, and the bell rope to the callbacks. */
export type Stage = {
  world: World
  /** platform time in unix seconds: real time plus the offset of POST /_sandbox/clock */
  now: () => number
  makeId: (length: number) => string
  ring: (bell: Bell) => void
}

export function createStage(world: World, ring: (bell: Bell) => void): Stage {
  return {
    world,
    now: () => Math.floor(Date.now() / 1000) + world.clockOffsetSeconds,
    makeId: randomId,
    ring,
  }
}

/** One throw of the seeded dice; a probability of 0 throws none, so that unrelated faults do not shift the sequence. */
export function chance(world: World, probability: number): boolean {
  if (probability <= 0) return false
  return dice(world) < probability
}

/** The next number of the seeded dice, from 0 to 1. */
export function dice(world: World): number {
  const { state, value } = nextRandom(world.faults.randomState)
  world.faults.randomState = state
  return value
}

/** The unionid of a person as one side shows it, as a field of an answer; none when that side shows none. */
export function unionidField(
  world: World,
  side: 'weixin' | 'wecom',
  { unionid }: Pick<Person, 'unionid'>,
): { unionid?: string } {
  if (unionid === null || !isUnionidShown(world, side)) return {}
  return {
    unionid:
      side === 'weixin' && world.settings.unionidsOfAnotherPlatform
        ? `oX${unionid.slice(2)}`
        : unionid,
  }
}

function isUnionidShown(world: World, side: 'weixin' | 'wecom'): boolean {
  const { unionidAvailable } = world.settings
  const { unionidUnavailable } = world.faults
  if (unionidUnavailable === true || unionidUnavailable === side) return false
  return unionidAvailable === true || unionidAvailable === side
}
