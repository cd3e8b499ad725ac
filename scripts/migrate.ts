import { migrateDatabase } from '../server/lib/migrate.ts'
import { withDatabase } from './checkout/database.ts'
import { readEnvironment, say } from './checkout/environment.ts'
import { decideWorld } from './start/world.ts'

/** npm run migrate: brings the schema up to date, for installations that do it apart from the start. */
const env = readEnvironment()
await withDatabase(env, async (connectionString) => {
  await migrateDatabase({ connectionString, kind: decideWorld(env) })
  say('the schema is up to date')
})
