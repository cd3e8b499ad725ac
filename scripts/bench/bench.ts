import type { Measure } from './goals.rules.ts'
import type { Platform } from './platform.ts'
import type { World } from './world.ts'

/** How much is done of everything: enough for figures that hold, or for a look. */
export type Effort = {
  repeats: number
  windowMs: number
  /** Before the first repetition, uncounted. */
  warm: { requests: number; atMostMs: number }
  offeredMs: number
  /** Of distinct contacts, all at once. */
  messages: number
  /** What takes longer is counted as far as it came. */
  atMostMs: number
  /** Codes sent one after the other, and decisions, per repetition. */
  samples: number
  claims: number
}

export const THOROUGH: Effort = {
  repeats: 3,
  windowMs: 4_000,
  warm: { requests: 10_000, atMostMs: 15_000 },
  offeredMs: 10_000,
  messages: 5_000,
  atMostMs: 60_000,
  samples: 50,
  claims: 1_000_000,
}

export const QUICK: Effort = {
  repeats: 1,
  windowMs: 500,
  warm: { requests: 2_000, atMostMs: 1_000 },
  offeredMs: 1_500,
  messages: 500,
  atMostMs: 2_000,
  samples: 10,
  claims: 0,
}

/** What a row is given. */
export type Bench = { world: World; effort: Effort; platform: Platform }
export type Row = (bench: Bench) => Promise<Measure[]>

/** Runs `once` for each repetition, and gathers what it answers by name. */
export async function repeat<Name extends string>(
  { repeats }: Pick<Effort, 'repeats'>,
  once: () => Promise<Record<Name, number>>,
): Promise<Record<Name, number[]>> {
  const found: Partial<Record<Name, number[]>> = {}
  for (let times = 0; times < repeats; times += 1)
    for (const [name, value] of Object.entries(await once()) as [Name, number][])
      (found[name] ??= []).push(value)
  return found as Record<Name, number[]>
}
