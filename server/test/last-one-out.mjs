// Waits beside a test run, in plain JavaScript because most runs never need more of it. Its input ends when the run does,
// whoever killed that and how. A Ctrl-C in the terminal is not for this process.
import { register } from 'tsx/esm/api'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

process.stdin.resume().once('close', () => {
  register()
  import('./clean-up.ts')
    .then(({ cleanUp }) => cleanUp({ dir: process.argv[2], run: Number(process.argv[3]) }))
    .finally(() => process.exit())
})
