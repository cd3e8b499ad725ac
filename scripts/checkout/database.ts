import path from 'node:path'
import { ensureDatabase, startEmbedded } from '../postgres/embedded.ts'
import { dataDirOf, say, type Environment } from './environment.ts'

/** Runs `work` on the database of this checkout: DATABASE_URL, else the embedded one, started for as long as it takes. */
export async function withDatabase(
  env: Environment,
  work: (connectionString: string) => Promise<void>,
): Promise<void> {
  if (env['DATABASE_URL']) return work(env['DATABASE_URL'])
  const embedded = await startEmbedded({ dir: path.join(dataDirOf(env), 'pg'), log: say })
  try {
    await work(await ensureDatabase(embedded.url, 'jindutong'))
  } finally {
    await embedded.stop()
  }
}
