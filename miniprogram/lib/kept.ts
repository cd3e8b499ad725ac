/**
 * One value that is kept between starts. Storage may throw (full, locked, private mode): the value then lives until the
 * mini-program ends, which costs a sign-in at the next start and nothing else.
 */
export function createKept<Value>(key: string, isValue: (stored: unknown) => stored is Value) {
  let here: Value | null | undefined
  const load = (): Value | null => {
    const stored = attempt(() => wx.getStorageSync(key) as unknown)
    return isValue(stored) ? stored : null
  }
  return {
    read: (): Value | null => {
      if (here === undefined) here = load()
      return here
    },
    write: (value: Value): void => {
      here = value
      attempt(() => wx.setStorageSync(key, value))
    },
    clear: (): void => {
      here = null
      attempt(() => wx.removeStorageSync(key))
    },
  }
}

function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
