import type { StageStatus } from '../../../shared/api/projects.ts'

type Stage = { name: string; status: StageStatus; doneAt?: string | null | undefined }

const FINISHED = new Set(['finished', 'done', 'completed', 'closed', '已完成', '已完工', '已竣工', '完成', '完工', '竣工'])
export const DEFAULT_STATUS = '进行中'
export const FINISHED_STATUS = '已完成'

/** The stage to show: the active one, else the first still to come, else the last. */
export function findCurrentStage(stages: readonly Stage[]): string | undefined {
  return (stages.find((stage) => stage.status === 'active') ?? stages.find((stage) => stage.status === 'pending') ?? stages.at(-1))?.name
}

/** A project is finished when its status says so, or when every stage is done. */
export const isFinished = (status: string | undefined, stages: readonly Stage[]): boolean =>
  status === undefined ? stages.length > 0 && stages.every((stage) => stage.status === 'done') : FINISHED.has(status.toLowerCase())

/** When a finished project was finished: the last stage's day, else the day we heard of it. */
export function findFinishedAt(status: string | undefined, stages: readonly Stage[], now: Date): Date | null {
  if (!isFinished(status, stages)) return null
  const days = stages.map((stage) => stage.doneAt).filter((at) => at != null).map((at) => Date.parse(at))
  return days.length > 0 ? new Date(Math.max(...days)) : now
}

/** Where a page ends: rows come newest first, ties by id. */
export type Position = { updatedAt: Date; id: string }

export const toCursor = ({ updatedAt, id }: Position): string => Buffer.from(`${updatedAt.getTime()}.${id}`).toString('base64url')

/** null for anything that toCursor did not make. */
export function readCursor(cursor: string): Position | null {
  const [, at, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  return at === undefined || id === undefined ? null : { updatedAt: new Date(Number(at)), id }
}
