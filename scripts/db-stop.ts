// npm run db:stop [-- --force]: stops the embedded PostgreSQL of this checkout, which outlives processes that were killed.
import path from 'node:path'
import { findEmbedded } from './postgres/embedded.ts'
import { dataDirOf, readEnvironment, root, say, shown } from './checkout/environment.ts'

const force = process.argv.includes('--force')

async function stop(folder: string): Promise<void> {
  const embedded = await findEmbedded(folder)
  if (!embedded) return say(`${shown(folder)}: not running`)
  const others = await embedded.countOthers()
  if (await embedded.stop(force)) return say(`${shown(folder)}: stopped`)
  say(`${shown(folder)}: ${others} connections are open; npm run db:stop -- --force closes them`)
  process.exitCode = 1
}

for (const folder of [
  path.join(dataDirOf(readEnvironment()), 'pg'),
  path.join(root, '.data', 'test-pg'),
])
  await stop(folder)
