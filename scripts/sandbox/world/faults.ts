/** What goes wrong on purpose. Cleared by a reset, because a fault is part of one experiment. */
export type Faults = {
  seed: number
  randomState: number
  callbacks: { drop: number; duplicate: number; reorder: number; delayMs: number }
  endpoints: EndpointFault[]
  slow: SlowFault[]
  sync: { emptyPages: number; pageSize: number | null }
  kfSendFail: { times: number; failType: number }
  unionidUnavailable: boolean | 'weixin' | 'wecom'
  broken: BrokenItem[]
}

/**
 * Entries of lists in WeCom's answers whose JSON contains `find` come out broken: fields by their path (`external_contact.name`;
 * the empty path is the entry itself) with another value, or without them.
 */
export type BrokenItem = { find: string; set: Record<string, unknown>; omit: string[] }

/** `effect: 'after'` does the work first and then answers with the error: the case a client must not repeat blindly. */
export type EndpointFault = {
  path: string
  times: number
  errcode: number
  effect: 'none' | 'after'
  hangup: boolean
}
type SlowFault = { path: string; ms: number; times: number | null }

export const noFaults = (): Faults => ({
  seed: 1,
  randomState: 1,
  callbacks: { drop: 0, duplicate: 0, reorder: 0, delayMs: 0 },
  endpoints: [],
  slow: [],
  sync: { emptyPages: 0, pageSize: null },
  kfSendFail: { times: 0, failType: 4 },
  unionidUnavailable: false,
  broken: [],
})
