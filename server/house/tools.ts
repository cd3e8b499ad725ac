import type { Fact } from '../features/facts.ts'
import { createClockDoubts } from '../lib/clock-doubts.ts'
import type { Config } from '../config.ts'
import { openDb } from '../lib/db.ts'
import { createFacts } from '../lib/facts.ts'
import { createJobs } from '../lib/jobs.ts'
import type { Log } from '../lib/log.ts'
import { createSecrets } from '../lib/secrets.ts'
import { createTokenStore } from '../lib/token-store.ts'
import { createWecom } from '../outside/wecom/wecom.ts'
import { openObjects } from './objects.ts'
import { createOfficial } from '../outside/weixin/official.ts'
import { createWeixin } from '../outside/weixin/weixin.ts'

export type Tools = ReturnType<typeof createTools>
export type Clients = ReturnType<typeof createClients>

/** What every room may be given. */
export function createTools(config: Config, { log, clock }: { log: Log; clock: () => Date }) {
  const { databaseUrl, databasePrepare, secretKey, timeZone } = config
  const given = { prepare: databasePrepare, log }
  const db = openDb(databaseUrl, { maxConnections: 10, ...given })
  const reads = openDb(databaseUrl, { maxConnections: 4, forReads: true, ...given })
  const jobs = createJobs({ connectionString: databaseUrl, db, log })
  const facts = createFacts<Fact>(jobs)
  const clockDoubts = createClockDoubts({ db, clock, log })
  const secrets = createSecrets(secretKey)
  return { db, reads, jobs, facts, secrets, clockDoubts, timeZone, log, clock }
}

/** The clients of the platforms; `official` is null for a company without an official account. */
export function createClients(config: Config, { db, log, clock }: Tools) {
  const tokens = createTokenStore({ db, clock, secretKey: config.secretKey, log })
  const wecom = createWecom({ ...config.wecom, tokens, log })
  const weixin = createWeixin({ ...config.weixin, tokens, log })
  const official =
    config.official &&
    createOfficial({ baseUrl: config.weixin.baseUrl, ...config.official, tokens, log })
  return {
    wecom,
    weixin,
    official,
    objects: openObjects(config),
    close: async (): Promise<void> => {
      await Promise.all([wecom.close(), weixin.close(), official?.close()])
    },
  }
}
