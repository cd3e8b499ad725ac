import type { Db } from '../../../server/lib/db.ts'
import * as rules from './numbers.rules.ts'
import * as store from './numbers.store.ts'
import type { Entry } from './timeline.rules.ts'

/** The part of the timeline that tells whose orders and numbers are, and who was told of it. */
export async function readNumbers(db: Db, after: Date): Promise<(Entry | null)[]> {
  const [operations, parties, questions, answers, claims, asked, ties] = await Promise.all([
    store.pageOperations(db, after),
    store.pageParties(db, after),
    store.pageQuestions(db, after),
    store.pageNumberAnswers(db, after),
    store.pageOrderClaims(db, after),
    store.pageAsked(db, after),
    store.pageToldTies(db, after),
  ])
  return [
    ...operations.map(rules.fromOperation),
    ...parties.map(rules.fromParty),
    ...questions.flatMap(rules.fromQuestion),
    ...answers.map(rules.fromNumberAnswer),
    ...claims.map(rules.fromOrderClaim),
    ...[...asked, ...ties].map(rules.fromTold),
  ]
}
