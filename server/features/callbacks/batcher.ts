/**
 * Group commit: what arrives while a write is under way goes into the next one together. A lone item is written at once.
 */
export function createBatcher<Item>(write: (batch: Item[]) => Promise<unknown>, atMost = 200): (item: Item) => Promise<void> {
  let waiting: { item: Item; settle: PromiseWithResolve }[] = []
  let writing = false

  const writeAll = async (): Promise<void> => {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, atMost)
      waiting = waiting.slice(atMost)
      await write(batch.map(({ item }) => item)).then(
        () => batch.forEach(({ settle }) => settle.resolve()),
        (error: unknown) => batch.forEach(({ settle }) => settle.reject(error)),
      )
    }
    writing = false
  }

  return (item) => new Promise((resolve, reject) => {
    waiting.push({ item, settle: { resolve, reject } })
    if (!writing) void writeAll()
  })
}

type PromiseWithResolve = { resolve: () => void; reject: (error: unknown) => void }
