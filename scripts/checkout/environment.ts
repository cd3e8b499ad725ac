import path from 'node:path'

/** What the processes are started with; an empty variable counts as absent. */
export type Environment = Readonly<Record<string, string>>

/** A reason not to start that the reader can mend; shown without a stack. */
export class StartRefused extends Error {}

/** True under tsx (npm run dev), false in build/. */
export const runsFromSource = import.meta.filename.endsWith('.ts')

/** The checkout. */
export const root = path.resolve(import.meta.dirname, runsFromSource ? '../..' : '../../..')

export const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** The real environment, and below it what `.env` says. */
export function readEnvironment(): Environment {
  loadEnvFile(path.join(root, '.env'))
  const present = Object.entries(process.env).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  )
  return Object.fromEntries(present)
}

function loadEnvFile(file: string): void {
  try {
    process.loadEnvFile(file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

export const dataDirOf = (env: Environment): string =>
  path.resolve(root, env['DATA_DIR'] ?? '.data')

/** As the reader would type it: relative to the checkout when it is inside. */
export function shown(file: string): string {
  const relative = path.relative(root, file)
  return relative.startsWith('..') ? file : relative
}
