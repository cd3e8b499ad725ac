import { isDeepStrictEqual } from 'node:util'
import type { Settings as Values, SettingsBody } from '../../../shared/api/settings.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import { gather } from '../../lib/gather.ts'
import type { Audit } from '../audit/audit.ts'
import type { Publish } from '../facts.ts'
import { applyChange, readTemplates, type Refusal } from './settings.rules.ts'
import * as store from './settings.store.ts'

type Deps = {
  db: Db
  /** For what customers ask all day, gathered. */
  reads: Db
  audit: Audit
  facts: Publish
  /** What holds where the company has not decided. */
  defaults: Values
  clock: () => Date
}
type Operator = { name: string; requestId: string }
type Saved = { kind: 'saved'; settings: Values; changed: boolean } | Refusal

/**
 * What the company decides by itself, with a default for each field: keeps `settings`, a row per field that is otherwise.
 * Woken by admins. Tells `settings.changed`, upon which rooms look again at what they decided by the old values. Whoever
 * writes by a setting holds it until the end of its transaction, so that no decision falls between old and new.
 */
export function createSettings(deps: Deps) {
  const readNow = gather(async (askers: readonly 'settings'[]) => {
    const settings = await read(deps.reads, deps.defaults)
    return askers.map(() => settings)
  })
  // By transaction: while one holds them, nobody changes what it has read.
  const held = new WeakMap<Db, Values>()
  return {
    /** As they are now; inside a transaction, what it sees. */
    read: async (db?: Db): Promise<Values> =>
      db ? (held.get(db) ?? read(db, deps.defaults)) : readNow('settings'),
    /** For who writes by them: nobody changes them before that transaction ends. Take it before any other lock. */
    hold: async (db: Db): Promise<Values> => {
      await store.holdSettings(db)
      const values = await read(db, deps.defaults)
      held.set(db, values)
      return values
    },
    /** Changes what is given; others learn it by `settings.changed`. */
    change: (body: SettingsBody, operator: Operator) => change(deps, { ...body, operator }),
  }
}
export type Settings = ReturnType<typeof createSettings>

async function read(db: Db, defaults: Values): Promise<Values> {
  const stored = new Map((await store.pageSettings(db)).map(({ key, value }) => [key, value]))
  const values = Object.fromEntries(
    Object.entries(defaults).map(([key, value]) => [
      key,
      stored.has(key) ? stored.get(key) : value,
    ]),
  ) as Values
  return { ...values, noticeTemplates: readTemplates(values.noticeTemplates, defaults) }
}

async function change(
  deps: Deps,
  { reason, operator, ...wanted }: SettingsBody & { operator: Operator },
): Promise<Saved> {
  const now = deps.clock()
  return inTransaction(deps, async (tx) => {
    const { db } = tx
    await store.lockSettings(db)
    const before = await read(db, tx.defaults)
    const after = applyChange(before, wanted, now)
    if (after.kind !== 'settings') return after
    const keys = keysOf(before).filter(
      (key) => !isDeepStrictEqual(before[key], after.settings[key]),
    )
    if (keys.length === 0) return { kind: 'saved', settings: before, changed: false }
    for (const key of keys)
      await store.upsertSetting(db, { key, value: after.settings[key], by: operator.name, now })
    await tx.audit.record(db, {
      operator: operator.name,
      requestId: operator.requestId,
      operation: 'settings.changed',
      target: { type: 'settings', id: keys.join(', ') },
      now,
      before: pick(before, keys),
      after: pick(after.settings, keys),
      ...(reason !== undefined && { reason }),
    })
    await tx.facts.publish(db, [{ fact: 'settings.changed', keys }])
    return { kind: 'saved', settings: after.settings, changed: true }
  })
}

const keysOf = (settings: Values) => Object.keys(settings) as (keyof Values)[]
const pick = (settings: Values, keys: readonly (keyof Values)[]): object =>
  Object.fromEntries(keys.map((key) => [key, settings[key]]))
