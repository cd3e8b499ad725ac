import { execFileSync } from 'node:child_process'
import os from 'node:os'
import pg from 'pg'
import { root } from '../checkout/environment.ts'

/** How busy the machine is before anything is measured: processes that want a core, over the last minute. */
export const readLoad = (): number => os.loadavg()[0] ?? 0

/** What the figures were measured on, a line each. `load`: as it was when it began. */
export async function describeMachine(databaseUrl: string, load: number): Promise<string[]> {
  const cores = os.cpus().length
  const [cpu] = os.cpus()
  const busy = load > cores / 2 ? ': others were at work on it, and these figures say little' : ''
  return [
    `${cores} cores (${cpu?.model.trim() ?? 'unknown'}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}; load when it began ${load.toFixed(1)}${busy}`,
    `Node.js ${process.versions.node}, ${await describePostgres(databaseUrl)}; generator, server and Postgres share the cores`,
    `${describeSource()}, ${new Date().toISOString().slice(0, 10)}`,
  ]
}

async function describePostgres(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query<{ version: string; fsync: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync`,
    )
    return `embedded PostgreSQL ${rows[0]?.version ?? '?'} with fsync ${rows[0]?.fsync ?? '?'}`
  } finally {
    await client.end()
  }
}

function describeSource(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    const isChanged = git('status', '--porcelain', 'server', 'shared') !== ''
    return `commit ${git('rev-parse', '--short', 'HEAD').trim()}${isChanged ? ' with changes' : ''}`
  } catch {
    return 'no commit'
  }
}
