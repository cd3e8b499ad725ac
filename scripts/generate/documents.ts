import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHouse } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/lib/log.ts'
import { describeClient } from './client.ts'
import { withMigratedDatabase } from './migrated.ts'
import { describeSchema } from './schema.ts'

/** A file in the repository that is made from the code. */
type GeneratedFile = { name: string; make: () => Promise<string> }

export const generated: readonly GeneratedFile[] = [
  {
    name: 'docs/openapi.json',
    make: async () => `${JSON.stringify(await describeApi(), null, 2)}\n`,
  },
  { name: 'shared/client/api.ts', make: async () => describeClient(await describeApi()) },
]

/** Needs a Postgres, which `npm run check` does not start: scripts/generate/schema.test.ts holds it to the migrations. */
export const schemaFile: GeneratedFile = {
  name: 'docs/schema.sql',
  make: () => withMigratedDatabase(locate('.'), describeSchema),
}

/** The checkout: this file runs from its source, never from the build. */
export const locate = (name: string): string =>
  path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..', name)

const PLACEHOLDER = 'x'.repeat(43)
const ENVIRONMENT = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  SECRET_KEY: PLACEHOLDER,
  WEWORK_CORP_ID: PLACEHOLDER,
  WEWORK_AGENT_ID: '1',
  WEWORK_CONTACT_SECRET: PLACEHOLDER,
  WEWORK_KF_OPEN_KFID: PLACEHOLDER,
  WEWORK_CALLBACK_TOKEN: PLACEHOLDER,
  WEWORK_CALLBACK_AES_KEY: PLACEHOLDER,
  WECHAT_APP_ID: PLACEHOLDER,
  WECHAT_APP_SECRET: PLACEHOLDER,
  OFFICIAL_APP_ID: PLACEHOLDER,
  OFFICIAL_APP_SECRET: PLACEHOLDER,
  OFFICIAL_TOKEN: PLACEHOLDER,
  OFFICIAL_AES_KEY: PLACEHOLDER,
}

/** The OpenAPI document of the routes. Builds a house and starts nothing: its pool connects only when asked. */
export async function describeApi(): Promise<object> {
  const house = createHouse(readConfig(ENVIRONMENT), { log: createLog({ level: 'error' }) })
  try {
    return house.openApi
  } finally {
    await house.stop()
  }
}
