import * as v from 'valibot'
import { Flag, InstantOut } from './envelope.ts'
import { PageQuery } from './projects.ts'

/**
 * `append`: an order that is there already stays as it is. `replace`: what a row says replaces what is there, like a load.
 * `others`: what to do with columns that mean nothing to us. A misspelt dryRun must not load anything.
 */
export const ImportQuery = v.strictObject({
  mode: v.optional(v.picklist(['append', 'replace'], 'mode 须为 append 或 replace'), 'append'),
  dryRun: v.optional(Flag),
  others: v.optional(v.picklist(['refuse', 'ignore'], 'others 须为 refuse 或 ignore'), 'refuse'),
})
export type ImportQuery = v.InferOutput<typeof ImportQuery>

export const ImportTaken = v.object({ id: v.number(), rows: v.number() })

export const ImportPath = v.object({
  id: v.pipe(v.string(), v.regex(/^\d{1,12}$/, '导入编号格式不正确'), v.transform(Number)),
})
export const ImportsQuery = v.strictObject(PageQuery.entries)

export const Import = v.object({
  id: v.number(),
  format: v.picklist(['csv', 'xlsx', 'json']),
  mode: v.picklist(['append', 'replace']),
  dryRun: v.boolean(),
  /** `failed`: it goes on when its job is tried again. */
  state: v.picklist(['waiting', 'running', 'finished', 'stopped', 'failed']),
  operator: v.string(),
  /** Of its entries in the operation log. */
  requestId: v.string(),
  createdAt: InstantOut,
  startedAt: v.optional(InstantOut),
  finishedAt: v.optional(InstantOut),
  rows: v.number(),
})
export type Import = v.InferOutput<typeof Import>

/** How far it is; of a dry run, what would have been. */
export const ImportProgress = v.object({
  ...Import.entries,
  done: v.number(),
  created: v.number(),
  changed: v.number(),
  unchanged: v.number(),
  /** Were there already, and mode=append leaves them. */
  skipped: v.number(),
  rejected: v.number(),
  /** Whose the loaded orders are (the states of a load). */
  attached: v.number(),
  waiting: v.number(),
  held: v.number(),
  /** Loaded orders without the name of their customer: where a number changed hands, somebody must be asked whose they are. */
  withoutName: v.number(),
})
export type ImportProgress = v.InferOutput<typeof ImportProgress>

export const ImportPage = v.object({
  items: v.array(Import),
  nextCursor: v.optional(v.string()),
})
