import { dice } from './stage.ts'
import type { World } from './types.ts'
import { errorText, isWorded } from '../base/errcodes.ts'
import { Refusal } from '../base/refusal.ts'

/** As likely as any other for a code or a msgid (platform-facts 11). */
const LIKELY = [40029, 42003, 42022, 41050, 40058, 95007, 45065, 95016] as const
const FIRST = 40_000
const COUNT = 56_000

/**
 * A refusal whose number is in no source: `usual`, or any that does not mean something else already. A client that
 * decides by it is found out when the numbers are drawn (D23).
 */
export function undocumented(
  world: World,
  usual: number,
  extra?: Record<string, unknown>,
): Refusal {
  const errcode = world.settings.undocumented === 'fixed' ? usual : draw(world)
  return new Refusal(errcode, errorText(errcode), extra)
}

function draw(world: World): number {
  if (dice(world) < 0.5) return LIKELY[Math.floor(dice(world) * LIKELY.length)] ?? LIKELY[0]
  for (;;) {
    const errcode = FIRST + Math.floor(dice(world) * COUNT)
    if (!isWorded(errcode)) return errcode
  }
}
