import type { StageStatus } from './api/projects.ts'

type Stage = { name: string; status: StageStatus }

/** The stage that runs, else the first still to come; undefined: all are done, or there is none. */
export const findOpenStage = <Open extends Pick<Stage, 'status'>>(
  stages: readonly Open[],
): Open | undefined =>
  stages.find((stage) => stage.status === 'active') ??
  stages.find((stage) => stage.status === 'pending')

/** How far customers are told that a project has come: its stage, or that the last one is done. */
export function toMilestone(stages: readonly Stage[]): string | undefined {
  const last = stages.at(-1)
  return findOpenStage(stages)?.name ?? (last && `${last.name}已完成`)
}

/** The milestone of a load that moved the project on; a stage that only begins counts too, what a project begins with does not. */
export function findMove(before: readonly Stage[], after: readonly Stage[]): string | undefined {
  const milestone = toMilestone(after)
  if (before.length === 0 || milestone === undefined) return undefined
  const isSame = milestone === toMilestone(before)
  const hasBegun =
    findOpenStage(before)?.status === 'pending' && findOpenStage(after)?.status === 'active'
  return isSame && !hasBegun ? undefined : milestone
}
