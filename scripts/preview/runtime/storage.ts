/** wx storage of one person: several may use this browser. */
export function createStorage(personId: string) {
  const key = (name: string): string => `mp:${personId}:${name}`
  return {
    get: (name: string): unknown => {
      const kept = localStorage.getItem(key(name))
      return kept === null ? '' : JSON.parse(kept)
    },
    set: (name: string, value: unknown): void =>
      localStorage.setItem(key(name), JSON.stringify(value)),
    remove: (name: string): void => localStorage.removeItem(key(name)),
  }
}
export type Storage = ReturnType<typeof createStorage>
