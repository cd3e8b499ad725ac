import path from 'node:path'
import { ensureDatabase, startEmbedded } from '../postgres/embedded.ts'
import { say, type Environment } from '../checkout/environment.ts'
import type { Stage } from './stage.ts'

/** The database to use: DATABASE_URL, else `jindutong` of an embedded PostgreSQL in DATA_DIR/pg. */
export async function openPostgres(
  stage: Stage,
  env: Environment,
  dataDir: string,
): Promise<string> {
  if (env['DATABASE_URL']) return env['DATABASE_URL']
  const embedded = await startEmbedded({ dir: path.join(dataDir, 'pg'), log: say })
  await stage.add({ name: 'PostgreSQL', stop: () => embedded.stop() })
  void embedded.lost.then(() =>
    stage.finish({
      exitCode: 1,
      message: `PostgreSQL went away, see ${path.join(dataDir, 'pg', 'postgres.log')}`,
    }),
  )
  return ensureDatabase(embedded.url, 'jindutong')
}
