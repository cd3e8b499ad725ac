import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { findReadings, readOwners, type Readings } from './find.ts'

const root = path.resolve(import.meta.dirname, '../..')
const ROOMS = 'server/features'
const inRoot = (name: string): string => path.join(root, name)

/** The list that was decided on; beside the floors. */
export const LIST = inRoot('.readings.json')

export const readDecided = (): Readings => JSON.parse(readFileSync(LIST, 'utf8')) as Readings

/** What the stores of the rooms read today, with the tables of docs/schema.sql. */
export function readRooms(): Readings {
  const stores = readdirSync(inRoot(ROOMS), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.store.ts'))
    .map((file) => ({ file, text: readFileSync(path.join(inRoot(ROOMS), file), 'utf8') }))
  return findReadings(stores, readOwners(readFileSync(inRoot('docs/schema.sql'), 'utf8')))
}
