import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = path.resolve(import.meta.dirname, '..')
// A checkout small enough to build in a second; with a blank and Chinese characters in its path.
const checkout = path.join(mkdtempSync(path.join(os.tmpdir(), 'bootstrap-test-')), '进度 通')
const at = (...names: string[]): string => path.join(checkout, ...names)

beforeAll(() => {
  for (const folder of ['server', 'shared', 'scripts', 'node_modules'])
    mkdirSync(at(folder), { recursive: true })
  for (const name of ['bootstrap', 'bootstrap.mjs'])
    cpSync(path.join(root, 'scripts', name), at('scripts', name), { recursive: true })
  symlinkSync(path.join(root, 'node_modules', 'typescript'), at('node_modules', 'typescript'))
  for (const file of ['package-lock.json', 'node_modules/.package-lock.json'])
    writeFileSync(at(file), '{"packages":{}}')
  writeFileSync(at('package.json'), '{"type":"module"}')
  writeFileSync(
    at('tsconfig.json'),
    '{"compilerOptions":{"module":"NodeNext","target":"ES2023","types":[],"strict":true,"lib":["ES2023"]}}',
  )
  writeFileSync(
    at('tsconfig.build.json'),
    JSON.stringify({
      extends: './tsconfig.json',
      include: ['server', 'shared', 'scripts'],
      compilerOptions: {
        rootDir: '.',
        outDir: 'build',
        incremental: true,
        tsBuildInfoFile: 'build/.tsbuildinfo',
      },
    }),
  )
  writeFileSync(
    at('scripts', 'story.ts'),
    `declare const process: any, console: any; console.log(process.cwd(), ...process.argv.slice(2)); process.exitCode = 7`,
  )
})

afterAll(() => rmSync(path.dirname(checkout), { recursive: true, force: true }))

function run(args: string[], node: string[] = []) {
  const child = spawn(process.execPath, [...node, at('scripts', 'bootstrap.mjs'), ...args], {
    cwd: os.tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const done = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  )
  return { child, done }
}

const story = (...args: string[]) => run(['story', ...args]).done

describe('the bootstrap', () => {
  test('builds once, and passes arguments and the exit code through', async () => {
    const first = await story('--name', 'a b')
    expect(first.output).toContain('building everything')
    expect(first.output).toContain(`${checkout} --name a b`)
    expect(first.code).toBe(7)
    expect((await story()).output).not.toContain('building')
  })

  test('builds what changed, and removes what a deleted source left', async () => {
    writeFileSync(at('shared', 'old.ts'), 'export const a = 1')
    expect((await story()).output).toContain('building what changed')
    expect(existsSync(at('build/shared/old.js'))).toBe(true)
    renameSync(at('shared/old.ts'), at('shared/new.ts'))
    await story()
    expect([existsSync(at('build/shared/old.js')), existsSync(at('build/shared/new.js'))]).toEqual([
      false,
      true,
    ])
    rmSync(at('build/shared/new.js'))
    expect((await story()).output).toContain('building everything')
  })

  test('a killed build does not count, and two commands at once build once', async () => {
    writeFileSync(at('shared', 'new.ts'), 'export const a = 2')
    const { child } = run(['story'])
    while (!existsSync(at('.data', 'bootstrap.lock'))) await sleep(5)
    await sleep(100)
    child.kill('SIGKILL')
    const both = (await Promise.all([story(), story()])).map(({ output }) => output)
    expect(both.filter((output) => output.includes('building everything'))).toHaveLength(1)
    for (const output of both) expect(output).toContain(checkout)
    expect(existsSync(at('.data', 'bootstrap.lock'))).toBe(false)
  })

  test('a build that fails ends the command', async () => {
    writeFileSync(at('shared', 'new.ts'), 'export const a: number = "x"')
    const { code, output } = await story()
    expect(code).not.toBe(7)
    expect(output).toContain('the build failed')
    rmSync(at('shared', 'new.ts'))
  })

  test('an older Node is told so in two languages', async () => {
    const pretend =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.4"}})'
    const { code, output } = await run(['start'], ['--import', pretend]).done
    expect(code).toBe(1)
    expect(output).toMatch(
      /需要 Node\.js 20\.19[\s\S]*Node\.js 20\.19 or newer is needed, this is 18\.20\.4/,
    )
  })

  test('an unknown command is answered with the known ones', async () => {
    const { code, output } = await run(['stat']).done
    expect(code).toBe(2)
    expect(output).toContain('start, story')
  })
})
