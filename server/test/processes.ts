import { afterAll } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'

export type ServerProcess = {
  url: string
  pid: number
  kill: () => Promise<void>
  lines: string[]
}

const running = new Set<ChildProcess>()
const root = path.resolve(import.meta.dirname, '../..')

afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

const FROM_SOURCE = ['--import', 'tsx', 'server/main.ts']
/** As `npm start` runs it, after `npm run build`: without tsx, which takes 45 MB. */
export const FROM_BUILD = ['--enable-source-maps', 'build/server/main.js']

/** The real server as a process of its own; `kill` is SIGKILL. It leaves with us: its channel closes. */
export async function spawnServer(
  env: Record<string, string>,
  program: readonly string[] = FROM_SOURCE,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, program, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  running.add(child)
  const lines: string[] = []
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      running.delete(child)
      resolve()
    }),
  )
  const [stdout, stderr] = [child.stdout!, child.stderr!]
  createInterface({ input: stderr }).on('line', (line) => lines.push(line))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      lines.push(line)
      const address = /"address":"([^"]+)"/.exec(line)?.[1]
      if (address !== undefined) resolve(address)
    })
    child.once('exit', (code) =>
      reject(new Error(`the server exited with ${String(code)}: ${lines.join('\n')}`)),
    )
  })
  return {
    url,
    pid: child.pid!,
    lines,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

export type ScriptProcess = {
  lines: string[]
  line: (pattern: RegExp) => Promise<RegExpExecArray>
  tell: (text: string) => void
  end: () => Promise<number | null>
}

/** A script of server/test/ as a process of its own; `end` closes its input and answers its exit code. */
export function spawnScript(file: string, env: Record<string, string>): ScriptProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', `server/test/${file}`], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.add(child)
  const lines: string[] = []
  const heard = new Set<() => void>()
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      running.delete(child)
      resolve(code)
      heard.forEach((look) => look())
    }),
  )
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      lines.push(line)
      heard.forEach((look) => look())
    })
  const line = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = (): void => {
        const found = lines.map((one) => pattern.exec(one)).find((match) => match !== null)
        if (found) resolve(found)
        else if (child.exitCode !== null || child.signalCode !== null)
          reject(new Error(`${file} ended: ${lines.join('\n')}`))
        if (found || child.exitCode !== null) heard.delete(look)
      }
      heard.add(look)
      look()
    })
  return {
    lines,
    line,
    tell: (text) => void child.stdin.write(`${text}\n`),
    end: () => {
      child.stdin.end()
      return exited
    },
  }
}
