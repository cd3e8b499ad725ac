import type { Db, Transaction } from './db.ts'
import type { Job, Jobs } from './jobs.ts'

type NamedFact = { fact: string }
/** Which jobs a fact becomes, for each kind of fact: one per listener, so that one may fail without the others. */
export type Listeners<F extends NamedFact> = {
  [Name in F['fact']]?: readonly ((fact: Extract<F, { fact: Name }>) => Job)[]
}
export type Facts<F extends NamedFact> = ReturnType<typeof createFacts<F>>

/** Turns facts into jobs of their listeners, in the transaction in which they became true. */
export function createFacts<F extends NamedFact>(jobs: Pick<Jobs, 'add'>) {
  const listening = new Map<string, ((fact: never) => Job)[]>()
  const toJobs = (fact: F): Job[] =>
    (listening.get(fact.fact) ?? []).map((toJob) => toJob(fact as never))
  return {
    /** Before anything is published; who listens to the same fact is told in this order. */
    listen: (listeners: Listeners<F>): void => {
      for (const [fact, more] of Object.entries(listeners))
        listening.set(fact, [...(listening.get(fact) ?? []), ...(more as ((fact: never) => Job)[])])
    },
    publish: (db: Db | Transaction, facts: readonly F[]): Promise<void> =>
      jobs.add(db, facts.flatMap(toJobs)),
  }
}
