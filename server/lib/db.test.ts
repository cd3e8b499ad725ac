import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openDb } from './db.ts'
import { createLog } from './log.ts'

const printed: string[] = []
const real = console.log
beforeEach(() => { console.log = (...said: unknown[]) => void printed.push(said.join(' ')) })
afterEach(() => { console.log = real })

test('what knex has to say is a line of our log, also while there is no database', async () => {
  const lines: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } })
  const away = openDb('postgres://nobody@127.0.0.1:1/nothing', { maxConnections: 1, log })
  await expect(away.raw('select 1')).rejects.toThrow()
  away.client.logger.deprecate('one way', 'another')
  await away.destroy()
  const said = lines.map((line) => JSON.parse(line) as { level: string; msg: string })
  expect(said.map(({ msg }) => msg)).toEqual([expect.stringContaining('Acquire connection error'), 'one way is deprecated, please use another'])
  expect(printed).toEqual([])
})
