import type { StageStatus } from '../../../shared/api/projects.ts'
import type { Settings } from '../../../shared/api/settings.ts'
import { findOpenStage } from '../../../shared/stages.ts'
import { toDateByOrderNo } from './order-no.rules.ts'

type Stage = { name: string; status: StageStatus; doneAt?: string | null | undefined }
type Planned = Pick<Stage, 'status'> & { plannedAt: string | null }
type StatusWords = Settings['statusWords']
export type StatusKind = 'running' | 'finished' | 'unknown'

const RUNNING_STATUS = '进行中'
const FINISHED_STATUS = '已完成'

/** The stage to show: the active one, else the first still to come, else the last. */
export const findCurrentStage = (stages: readonly Stage[]): string | undefined =>
  (findOpenStage(stages) ?? stages.at(-1))?.name

/** When that stage is planned to be done, while it is not. */
export function findNextAt(stages: readonly Planned[]): Date | null {
  const plannedAt = findOpenStage(stages)?.plannedAt ?? null
  return plannedAt === null ? null : new Date(plannedAt)
}

/** What a status word means to the company; a word that it has not mapped means nothing (D21). */
export function toStatusKind(word: string, words: StatusWords): StatusKind {
  const isOneOf = (list: readonly string[]): boolean =>
    list.some((one) => toComparable(one) === toComparable(word))
  if (isOneOf(words.finished)) return 'finished'
  return isOneOf(words.running) ? 'running' : 'unknown'
}
const toComparable = (word: string): string => word.trim().toLowerCase()

/** Where the source states no status, a project is finished when all its stages are done, else it runs. */
export function findStatusKind(
  status: string | null,
  stages: readonly Stage[],
  words: StatusWords,
): StatusKind {
  if (status !== null) return toStatusKind(status, words)
  return stages.length > 0 && stages.every((stage) => stage.status === 'done')
    ? 'finished'
    : 'running'
}

/** The word to show. */
export const toStatusWord = (status: string | null, kind: StatusKind): string =>
  status ?? (kind === 'finished' ? FINISHED_STATUS : RUNNING_STATUS)

/** When a finished project was finished: the day of its last stage, else the day it was signed; no other day is invented (D21). */
export function findFinishedAt({
  kind,
  stages,
  signedAt,
}: {
  kind: StatusKind
  stages: readonly Stage[]
  signedAt: Date | null
}): Date | null {
  if (kind !== 'finished') return null
  const days = stages
    .map((stage) => stage.doneAt)
    .filter((at) => at != null)
    .map((at) => Date.parse(at))
  return days.length > 0 ? new Date(Math.max(...days)) : signedAt
}

type Standing = {
  orderNo: string
  status: string | null
  signedAt: unknown
  stages: readonly Stage[]
}

/** What the settings make of an order's words and dates. */
export function toStanding(
  { orderNo, status, signedAt, stages }: Standing,
  { settings, timeZone }: { settings: Settings; timeZone: string },
) {
  const kind = findStatusKind(status, stages, settings.statusWords)
  const signed =
    toInstant(signedAt) ??
    toDateByOrderNo(orderNo, { pattern: settings.orderNoDatePattern, timeZone })
  return {
    statusKind: kind,
    status: toStatusWord(status, kind),
    signedAt: signed,
    finishedAt: findFinishedAt({ kind, stages, signedAt: signed }),
  }
}

const toInstant = (value: unknown): Date | null =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value) : null

/** Where a page ends: rows come newest first, ties by id. */
export type Position = { updatedAt: Date; id: string }

export const toCursor = ({ updatedAt, id }: Position): string =>
  Buffer.from(`${updatedAt.getTime()}.${id}`).toString('base64url')

/** null for anything that toCursor did not make. */
export function readCursor(cursor: string): Position | null {
  const [, at, id] =
    /^(\d{1,13})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      Buffer.from(cursor, 'base64url').toString(),
    ) ?? []
  return at === undefined || id === undefined ? null : { updatedAt: new Date(Number(at)), id }
}
