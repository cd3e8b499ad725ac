import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { startEmbedded } from '../postgres/embedded.ts'

/** Not part of what is tested, or too large to copy. */
const LEFT_OUT = new Set(['node_modules', '.git', '.data', 'build', 'dist', 'coverage'])

type Run = { env: Record<string, string>; result: string; workers: number; limitMs: number }
/** `late`: it was ended because its time was over. */
type End = { code: number | null; late: boolean }
export type Copy = {
  dir: string
  read: (file: string) => Promise<string>
  write: (file: string, text: string) => Promise<void>
  /** Runs these test files; `result` is written when jest comes to its own end. */
  jest: (files: readonly string[], run: Run) => Promise<End>
}
type Workshop = { copies: Copy[]; close: () => Promise<void> }

/** Tests that draw draw the same each time: what they say of a mutant does not hang on the day. */
const SAME_DICE = { PROPERTY_SEED: '1' }

/** Copies of the sources beside a Postgres of their own, so that no mutant is ever seen in the working tree. */
export async function openWorkshop(root: string, count: number): Promise<Workshop> {
  const base = mkdtempSync(path.join(os.tmpdir(), 'jindutong-mutants-'))
  const running = new Set<ChildProcess>()
  const postgres = await startEmbedded({ dir: path.join(base, 'pg'), durable: false })
  const copies = Array.from({ length: count }, (_, at) =>
    makeCopy({ root, databaseUrl: postgres.url, running }, path.join(base, `copy-${String(at)}`)),
  )
  let closed: Promise<void> | undefined
  const close = async () => {
    const ends = [...running].map((child) => new Promise((resolve) => child.once('exit', resolve)))
    running.forEach(killGroup)
    await Promise.all(ends)
    await postgres.stop(true)
    await rm(base, { recursive: true, force: true, maxRetries: 3 })
  }
  process.once('exit', () => {
    running.forEach(killGroup)
    rmSync(base, { recursive: true, force: true })
  })
  return { copies, close: () => (closed ??= close()) }
}

/** `running`: all that jest ever started and has not ended yet. */
type Shared = { root: string; databaseUrl: string; running: Set<ChildProcess> }

function makeCopy({ root, databaseUrl, running }: Shared, dir: string): Copy {
  cpSync(root, dir, { recursive: true, filter: (from) => !LEFT_OUT.has(path.basename(from)) })
  symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'), 'junction')
  const at = (file: string): string => path.join(dir, file)
  return {
    dir,
    read: (file) => readFile(at(file), 'utf8'),
    write: (file, text) => writeFile(at(file), text),
    jest: (files, run) =>
      runJest({ dir, running }, files, {
        ...run,
        env: { ...run.env, ...SAME_DICE, TEST_DATABASE_URL: databaseUrl },
      }),
  }
}

function runJest(
  { dir, running }: { dir: string; running: Set<ChildProcess> },
  files: readonly string[],
  { env, result, workers, limitMs }: Run,
): Promise<End> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--config',
    'scripts/mutants/jest.config.mjs',
    '--json',
    '--outputFile',
    result,
    ...(workers === 1 ? ['--runInBand'] : ['--maxWorkers', String(workers)]),
    '--runTestsByPath',
    ...files,
  ]
  return new Promise((resolve, reject) => {
    let late = false
    const child = spawn(process.execPath, args, {
      cwd: dir,
      env: { ...process.env, ...env },
      stdio: 'ignore',
      detached: true,
    })
    running.add(child)
    const limit = setTimeout(() => {
      late = true
      killGroup(child)
    }, limitMs)
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(limit)
      running.delete(child)
      killGroup(child)
      resolve({ code, late })
    })
  })
}

/** With everything it started: it leads a group of its own. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of it is left.
  }
}
