import type { Db, Transaction } from './db.ts'
import type { Job, Jobs } from './jobs.ts'

type NamedFact = { fact: string }
/** Which jobs a fact becomes, for each kind of fact: one per listener, so that one may fail without the others. */
export type Ears<F extends NamedFact> = {
  [Name in F['fact']]?: readonly ((fact: Extract<F, { fact: Name }>) => Job)[]
}

/** The ears of several rooms, one after the other where they listen to the same fact. */
export function joinEars<F extends NamedFact>(...all: readonly Ears<F>[]): Ears<F> {
  const joined: Record<string, unknown[]> = {}
  for (const ears of all)
    for (const [fact, listeners] of Object.entries(ears))
      joined[fact] = [...(joined[fact] ?? []), ...(listeners as unknown[])]
  return joined as unknown as Ears<F>
}

/** Turns facts into jobs of their listeners, in the transaction in which they became true. */
export function createFacts<F extends NamedFact>(jobs: Pick<Jobs, 'add'>, ears: Ears<F>) {
  return {
    publish: async (db: Db | Transaction, facts: readonly F[]): Promise<void> => {
      const hear = (fact: F): Job[] => {
        const listeners =
          (ears as Record<string, readonly ((fact: F) => Job)[] | undefined>)[fact.fact] ?? []
        return listeners.map((toJob) => toJob(fact))
      }
      await jobs.add(db, facts.flatMap(hear))
    },
  }
}
