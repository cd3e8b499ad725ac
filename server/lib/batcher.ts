import { itemFault } from './item-fault.ts'

type Options = {
  /** So many go together at most. */
  atMost?: number
  /** When the first of a batch goes; the others wait for the one under way. */
  begin?: (go: () => void) => void
}

/**
 * What arrives while a batch is under way goes into the next one together; `act` answers in the order of its batch. A batch
 * that one item spoils is done item by item, so that only that one fails.
 */
export function actTogether<Item, Answer>(
  act: (batch: Item[]) => Promise<readonly Answer[]>,
  { atMost = 200, begin = (go) => go() }: Options = {},
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = []
  let acting = false

  const actOn = async (batch: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await act(batch.map(({ item }) => item))
      if (answers.length !== batch.length) throw new Error('not as many answers as were asked for')
      batch.forEach(({ settle }, at) => settle.resolve(answers[at]!))
    } catch (error) {
      if (batch.length > 1 && itemFault(error) !== undefined)
        for (const one of batch) await actOn([one])
      else batch.forEach(({ settle }) => settle.reject(error))
    }
  }

  const actOnAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, atMost)
      waiting = waiting.slice(atMost)
      await actOn(batch)
    }
    acting = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, settle: { resolve, reject } })
      if (acting) return
      acting = true
      begin(() => void actOnAll())
    })
}

type Waiting<Item, Answer> = {
  item: Item
  settle: { resolve: (answer: Answer) => void; reject: (error: unknown) => void }
}

/** Group commit: a lone item is written at once, those that arrive meanwhile together, and nobody hears of it before. */
export const createBatcher = <Item>(
  write: (batch: Item[]) => Promise<unknown>,
): ((item: Item) => Promise<void>) =>
  actTogether(async (batch) => {
    await write(batch)
    return batch.map(() => undefined)
  })
