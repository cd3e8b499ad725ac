/** `look` answers how many milliseconds to wait before it is asked again, or null when there is nothing more to see. */
export function createPoller(look: () => Promise<number | null>) {
  let round = 0
  const wait = (mine: number, delayMs: number): void => {
    setTimeout(() => void turn(mine), delayMs)
  }
  const turn = async (mine: number): Promise<void> => {
    if (mine !== round) return
    const delayMs = await look()
    if (mine === round && delayMs !== null) wait(mine, delayMs)
  }
  return {
    /** Begins anew; an older round ends by itself. */
    start: (delayMs: number): void => wait(++round, delayMs),
    stop: (): void => {
      round += 1
    },
  }
}
export type Poller = ReturnType<typeof createPoller>
