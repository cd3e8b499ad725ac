/**
 * Files that fit into memory, each under a name of letters, digits, `-` and `_` with dots between. Whoever cannot do what is
 * asked throws ObjectsFailed.
 */
export type Objects = {
  /** Whole or not at all; what was there under this name is replaced. */
  put: (name: string, bytes: Buffer) => Promise<void>
  /** Undefined: there is none. */
  get: (name: string) => Promise<Buffer | undefined>
  /** Removes what is there, if there is anything. */
  remove: (name: string) => Promise<void>
  /** All of them, also the remains of a `put` that did not come to its end, and when each was written. */
  list: () => AsyncIterable<{ name: string; at: Date }>
}

/** The store of objects did not do it; `reason` is a code, never a name, a key or what the other side wrote. */
export class ObjectsFailed extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(`the store of objects: ${reason}`)
    this.reason = reason
  }
}

const NAME = /^[\w-]+(?:\.[\w-]+)*$/

/** The same name; throws ObjectsFailed for one that could lead elsewhere. */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw new ObjectsFailed('no name of an object')
  return name
}
