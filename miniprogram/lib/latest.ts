/**
 * Numbers the requests of one page. `begin` answers a question to ask after every await: is this still the newest?
 * A page that is left calls `drop`, and nothing that was under way is shown any more.
 */
export function createLatest() {
  let newest = 0
  return {
    begin: (): (() => boolean) => {
      const mine = ++newest
      return () => mine === newest
    },
    drop: (): void => {
      newest += 1
    },
  }
}
