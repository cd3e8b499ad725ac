// Which room reads which table of another: `--accept` writes the list anew, once that is decided.
import { writeFileSync } from 'node:fs'
import { compareReadings } from './readings/compare.ts'
import { LIST, readDecided, readRooms } from './readings/rooms.ts'

const ACCEPT = 'node --import tsx scripts/check-readings.ts --accept'

const now = readRooms()
if (process.argv.includes('--accept')) writeFileSync(LIST, `${JSON.stringify(now, null, 2)}\n`)

const differences = compareReadings({ decided: readDecided(), now })
for (const line of differences) console.error(line)
if (differences.length > 0) {
  console.error(`Ask the room, or a view with a name; if it must be: ${ACCEPT}`)
  process.exitCode = 1
}
