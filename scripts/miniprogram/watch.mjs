import { watch } from 'node:fs'

const QUIET_MS = 80

/** Runs `build` after changes, one run at a time; a failed run is told and the next change tries again. */
export function watchSource(places, build) {
  let timer
  let running = Promise.resolve()
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(build).catch((error) => console.error(error.message))
    }, QUIET_MS)
  }
  for (const place of places) watch(place, { recursive: true }, soon)
}
