import { actTogether } from './batcher.ts'

/**
 * Questions of one kind as few statements: what is asked while one is under way goes along with the next, a lone question
 * goes as soon as all requests that have come in by now had their say. None joins what is under way already, so that each
 * is answered by what was true after it was asked, and nothing is kept. `ask` gives its answers in the order of its questions.
 */
export const gather = <Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): ((question: Question) => Promise<Answer>) => actTogether(ask, { begin: setImmediate })
