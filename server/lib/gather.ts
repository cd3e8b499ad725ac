import DataLoader from 'dataloader'

/** Postgres reads quickest what comes from a few at a time; who comes later asks together. */
const AT_ONCE = 2
const MOST = 200

/**
 * Questions of one kind as few statements: what is asked while others wait for their answer goes along with the next ones, a
 * lone question goes at once. None joins those that are under way already, so that each is answered by what was true after it
 * was asked, and nothing is kept. `ask` gives its answers in the order of its questions. A failure is that of all who asked
 * together: questions must be such that Postgres can read them, whoever asks.
 */
export function gather<Question extends string | number | object, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  const turns = createTurns()
  const loader = new DataLoader<Question, Answer>(
    async (questions) => {
      try {
        return await ask(questions)
      } finally {
        turns.end()
      }
    },
    { cache: false, maxBatchSize: MOST, batchScheduleFn: turns.take },
  )
  return (question) => loader.load(question)
}

function createTurns() {
  const waiting: (() => void)[] = []
  let underWay = 0
  /** Not before all requests that have come in by now had their say. */
  const begin = (go: () => void): void => {
    underWay += 1
    setImmediate(go)
  }
  return {
    take: (go: () => void): void => {
      if (underWay < AT_ONCE) begin(go)
      else waiting.push(go)
    },
    end: (): void => {
      underWay -= 1
      const next = waiting.shift()
      if (next) begin(next)
    },
  }
}
