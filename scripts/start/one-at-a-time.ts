import os from 'node:os'
import path from 'node:path'
import { withLock } from '../processes/lock.ts'
import { say } from '../checkout/environment.ts'

/**
 * Instances of one DATA_DIR start one after the other, so that exactly one of them makes the keys and runs the sandbox;
 * those of other checkouts as well, so that nobody takes a port between our look and our use.
 */
export function oneAtATime<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const options = {
    timeoutMs: 300_000,
    onWait: (pid: number) => say(`waiting for process ${pid}, which is starting ...`),
  }
  const ports = path.join(os.tmpdir(), `jindutong-start-${process.getuid?.() ?? 0}.lock`)
  return withLock(path.join(dataDir, 'start.lock'), () => withLock(ports, work, options), options)
}
