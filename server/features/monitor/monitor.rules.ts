import type { JobMark, ListedJob } from '../../lib/job-list.ts'

/** Where a list of jobs goes on, for `readJobMark`. */
export const toJobMark = ({ id, runAt, state }: ListedJob): string =>
  `${state === 'failed' ? 'failed' : 'tried'}.${String(runAt.getTime())}.${id}`

/** null for anything that `toJobMark` did not make. */
export function readJobMark(cursor: string): JobMark | null {
  const [, standing, at, id] =
    /^(failed|tried)\.(\d{1,14})\.((?:runner|lane)-\d{1,15})$/.exec(cursor) ?? []
  return id === undefined
    ? null
    : { isTried: standing === 'tried', runAt: new Date(Number(at)), id }
}
