/** Who asks for a key while the same is under way waits for that one, and gets what it gets. Per process. */
export function createSingleFlight<T>() {
  const underWay = new Map<string, Promise<T>>()
  return (key: string, work: () => Promise<T>): Promise<T> => {
    const joined = underWay.get(key) ?? work().finally(() => underWay.delete(key))
    underWay.set(key, joined)
    return joined
  }
}
export type SingleFlight<T> = ReturnType<typeof createSingleFlight<T>>
