import DataLoader from 'dataloader'

const MOST = 200

/**
 * Questions of one kind as few statements: what is asked while one is under way goes along with the next, a lone question
 * goes at once. None joins those that are under way already, so that each is answered by what was true after it
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

/** One is under way at a time. */
function createTurns() {
  const waiting: (() => void)[] = []
  let isTaken = false
  /** Not before all requests that have come in by now had their say. */
  const begin = (go: () => void): void => {
    isTaken = true
    setImmediate(go)
  }
  return {
    take: (go: () => void): void => {
      if (isTaken) waiting.push(go)
      else begin(go)
    },
    end: (): void => {
      isTaken = false
      const next = waiting.shift()
      if (next) begin(next)
    },
  }
}
