import { inTransaction, type Db, type Within } from './db.ts'

/** What a dry run would have done; thrown so that nothing of it stays. */
class DryRun<Result> extends Error {
  readonly result: Result
  constructor(result: Result) {
    super('a dry run ends without a trace')
    this.result = result
  }
}

/** As `inTransaction`; a dry run does all of it, and leaves everything as it was. */
export async function inTransactionOrDry<Deps extends { db: Db }, Result>(
  deps: Deps,
  dryRun: boolean,
  act: (tx: Within<Deps>) => Promise<Result>,
): Promise<Result> {
  try {
    return await inTransaction(deps, async (tx) => {
      const result = await act(tx)
      if (dryRun) throw new DryRun(result)
      return result
    })
  } catch (error) {
    if (error instanceof DryRun) return error.result as Result
    throw error
  }
}
