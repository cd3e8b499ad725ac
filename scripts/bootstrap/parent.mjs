import { readFileSync } from 'node:fs'

/**
 * When npm is killed the hard way, or its shell by a SIGTERM that it does not pass on, we would run on unseen, and the
 * next `npm start` would be a second instance beside us. So we end as if told to: with SIGTERM.
 */
export function leaveWithNpm() {
  if (!process.env.npm_lifecycle_event) return
  const before = parents()
  const watch = setInterval(() => {
    if (parents() === before) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250).unref()
}

/** Our parent, and the parent of the shell when npm put one in between (dash does not replace itself). */
function parents() {
  const shell = readProc(process.ppid, 'cmdline')
  if (!shell?.includes('bootstrap.mjs')) return `${process.ppid}`
  return `${process.ppid} ${
    readProc(process.ppid, 'stat')
      ?.replace(/^.*\) /s, '')
      .split(' ')[1]
  }`
}

function readProc(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return undefined
  }
}
