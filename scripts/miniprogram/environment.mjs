import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/** `.env`, below the real environment, as the server reads it. An empty variable counts as absent. */
export function readEnvironment() {
  try {
    process.loadEnvFile(path.join(root, '.env'))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value))
}
