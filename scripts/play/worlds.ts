import type { Http } from './requests.ts'

/** What the platform is like, where nobody knows or it differs from company to company. */
export type World = {
  /** Refusals whose number is in no source carry another one each time, drawn by this seed. */
  seed?: number
  unionids: boolean
  /** Servicers have a customer's session from his first word on. */
  servedByPeople: boolean
}

/** Documented-like numbers, unionids on both sides, sessions that wait for us. */
export const USUAL: World = { unionids: true, servedByPeople: false }

/** Makes the sandbox that world; a seed begins its numbers anew. */
export async function enterWorld(
  control: Http,
  { seed, unionids, servedByPeople }: World,
): Promise<void> {
  await control.post('/_sandbox/settings', {
    unionidAvailable: unionids,
    kfServedByPeople: servedByPeople,
    undocumented: seed === undefined ? 'fixed' : 'random',
  })
  if (seed !== undefined) await control.post('/_sandbox/faults', { seed })
}

/** `--seed 7 --unionids --served-by-people`, in any order; without them numbers are the usual ones and unionids hidden. */
export function readWorld(args: readonly string[]): World {
  const world: World = { unionids: false, servedByPeople: false }
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]
    if (arg === '--unionids') world.unionids = true
    else if (arg === '--served-by-people') world.servedByPeople = true
    else if (arg === '--seed' && /^\d{1,9}$/.test(args[at + 1] ?? ''))
      world.seed = Number(args[(at += 1)])
    else
      throw new Error(
        `unknown: ${String(arg)}; there are --seed N, --unionids and --served-by-people`,
      )
  }
  return world
}

export const describeWorld = ({ seed, unionids, servedByPeople }: World): string =>
  [
    seed === undefined ? 'usual numbers' : `numbers of seed ${String(seed)}`,
    unionids ? 'unionids shown' : 'unionids hidden',
    ...(servedByPeople ? ['served by people'] : []),
  ].join(', ')
