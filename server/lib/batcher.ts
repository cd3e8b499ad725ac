import { itemFault } from './item-fault.ts'

/**
 * Group commit: what arrives while a write is under way goes into the next one together. A lone item is written at once.
 * A batch that one item spoils is written item by item, so that only that one is refused.
 */
export function createBatcher<Item>(
  write: (batch: Item[]) => Promise<unknown>,
  atMost = 200,
): (item: Item) => Promise<void> {
  let waiting: Waiting<Item>[] = []
  let writing = false

  const writeSome = async (batch: readonly Waiting<Item>[]): Promise<void> => {
    try {
      await write(batch.map(({ item }) => item))
      batch.forEach(({ settle }) => settle.resolve())
    } catch (error) {
      if (batch.length > 1 && itemFault(error) !== undefined)
        for (const one of batch) await writeSome([one])
      else batch.forEach(({ settle }) => settle.reject(error))
    }
  }

  const writeAll = async (): Promise<void> => {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, atMost)
      waiting = waiting.slice(atMost)
      await writeSome(batch)
    }
    writing = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, settle: { resolve, reject } })
      if (!writing) void writeAll()
    })
}

type Waiting<Item> = {
  item: Item
  settle: { resolve: () => void; reject: (error: unknown) => void }
}
