/** The last calls at the platforms, for tests of the kind "the project list asks no outside system". Memory only. */
type ApiCall = { at: number; method: string; path: string; errcode: number }
export type Journal = {
  note: (call: Omit<ApiCall, 'at'>) => void
  calls: () => ApiCall[]
  clear: () => void
}

const KEPT = 1000

export function createJournal(): Journal {
  let calls: ApiCall[] = []
  return {
    note: (call) => {
      calls.push({ at: Date.now(), ...call })
      if (calls.length > KEPT) calls = calls.slice(-KEPT)
    },
    calls: () => calls,
    clear: () => {
      calls = []
    },
  }
}
