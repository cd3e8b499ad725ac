import { sqlState, type Db, type Transaction } from './db.ts'

/** Cardinality, data exceptions, integrity constraints, limits: the values are to blame, and the next ones may be fine. */
const ABOUT_VALUES = /^(?:21|22|23|54)/
/** What our own code says of a value that it cannot use. By name: an error of another realm, as under jest, is no instance. */
const UNUSABLE: ReadonlySet<string> = new Set([
  'RangeError',
  'SyntaxError',
  'TypeError',
  'XmlError',
])

type Tried<T> = { kind: 'done'; value: T } | { kind: 'broken'; reason: string }

/**
 * Why one item cannot be taken, in a word for reports: never its values. Undefined when the trouble is not the item's (the
 * database is gone, a deadlock, a platform that does not answer): then nothing can be said about the others either.
 */
export function itemFault(error: unknown): string | undefined {
  const state = sqlState(error)
  if (state !== undefined)
    return ABOUT_VALUES.test(state) ? [state, ...constraintOf(error)].join(' ') : undefined
  const name = error instanceof Object && 'name' in error ? String(error.name) : ''
  return UNUSABLE.has(name) ? name : undefined
}

/** Does the action for one item of many, in a transaction of its own; what is not the item's fault is thrown. */
export async function tryItem<T>(action: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { kind: 'done', value: await action() }
  } catch (error) {
    const reason = itemFault(error)
    if (reason === undefined) throw error
    return { kind: 'broken', reason }
  }
}

/** The same inside a transaction that goes on: behind a savepoint. */
export const tryBehindSavepoint = <T>(
  db: Db,
  action: (db: Transaction) => Promise<T>,
): Promise<Tried<T>> => tryItem(() => db.transaction(action))

/** Does the action for every one, also when it fails for some; then throws the first failure, so that a job is tried again. */
export async function forEveryOne<T>(
  items: readonly T[],
  action: (item: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = []
  for (const item of items) await action(item).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

const constraintOf = (error: unknown): string[] =>
  error instanceof Object && 'constraint' in error && typeof error.constraint === 'string'
    ? [error.constraint]
    : []
