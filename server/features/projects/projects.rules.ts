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

type FinishFacts = {
  status: string | undefined
  stages: readonly Stage[]
  signedAt: string | null | undefined
  /** What an earlier load found, while the project was finished then too. */
  finishedBefore: Date | null
  now: Date
}

/**
 * When a finished project was finished: the day of its last stage; else what was known before; else, for one that comes
 * to us finished and without days, the day its order was signed, which errs on the side of hiding (D14); else now.
 */
export function findFinishedAt({ status, stages, signedAt, finishedBefore, now }: FinishFacts): Date | null {
  if (!isFinished(status, stages)) return null
  const days = stages.map((stage) => stage.doneAt).filter((at) => at != null).map((at) => Date.parse(at))
  if (days.length > 0) return new Date(Math.max(...days))
  return finishedBefore ?? (signedAt == null ? now : new Date(signedAt))
}

/** Where a page ends: rows come newest first, ties by id. */
export type Position = { updatedAt: Date; id: string }

export const toCursor = ({ updatedAt, id }: Position): string => Buffer.from(`${updatedAt.getTime()}.${id}`).toString('base64url')

/** null for anything that toCursor did not make. */
export function readCursor(cursor: string): Position | null {
  const [, at, id] = /^(\d{1,13})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  return at === undefined || id === undefined ? null : { updatedAt: new Date(Number(at)), id }
}
