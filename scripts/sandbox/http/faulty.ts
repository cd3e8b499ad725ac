import { setTimeout as sleep } from 'node:timers/promises'

import { errorText } from '../base/errcodes.ts'
import { Refusal } from '../base/refusal.ts'
import type { EndpointFault } from '../world/faults.ts'
import type { World } from '../world/types.ts'

export class HangUp extends Error {}

const matches = (path: string, pattern: string): boolean =>
  pattern === '*' || path === pattern || path.endsWith(`/${pattern.replace(/^\/+/, '')}`)

function takeFault(world: World, path: string): EndpointFault | undefined {
  const fault = world.faults.endpoints.find((one) => one.times > 0 && matches(path, one.path))
  if (fault === undefined) return undefined
  fault.times -= 1
  world.faults.endpoints = world.faults.endpoints.filter((one) => one.times > 0)
  return fault
}

async function dawdle(world: World, path: string): Promise<void> {
  const slow = world.faults.slow.find((one) => matches(path, one.path))
  if (slow === undefined) return
  if (slow.times !== null) {
    slow.times -= 1
    world.faults.slow = world.faults.slow.filter((one) => one.times === null || one.times > 0)
  }
  await sleep(slow.ms)
}

/** Does the work of one call, with whatever the faults add: slowness, a refusal instead, a refusal after the action. */
export async function withFaults<T>(
  world: World,
  path: string,
  work: () => T | Promise<T>,
): Promise<T> {
  await dawdle(world, path)
  const fault = takeFault(world, path)
  if (fault === undefined) return work()
  if (fault.effect === 'after') await work()
  if (fault.hangup) throw new HangUp()
  throw new Refusal(fault.errcode, errorText(fault.errcode))
}
