import type { Stage } from './stage.ts'

/** Everything that ends the run from outside. */
export function listenForTheEnd(stage: Stage): void {
  const told = onSignal(stage)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, told)
  // npm run dev: the bootstrap was killed the hard way.
  if (process.channel)
    process.once('disconnect', () =>
      stage.finish({ exitCode: 1, message: 'the process that started this one is gone: stopping' }),
    )
}

function onSignal(stage: Stage): () => void {
  let first = 0
  return () => {
    first ||= Date.now()
    // A terminal's Ctrl-C comes more than once: from the terminal itself and through npm.
    if (Date.now() - first > 1500) process.exit(130)
    stage.finish({ exitCode: 0, message: 'stopping ...' })
  }
}
