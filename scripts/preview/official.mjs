import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

const home = path.dirname(
  createRequire(import.meta.url).resolve('miniprogram-compiler/package.json'),
)
const FOLDERS = { linux: 'linux', darwin: 'mac', win32: 'windows' }

/** WeChat gives its compilers as x86-64 programs only. */
export const runsHere = process.arch === 'x64' && process.platform in FOLDERS

/** What WeChat's own compilers (wcc, wcsc) have against a built mini-program; an empty list is what one wants. */
export async function compileOfficially(dist) {
  const names = (await readdir(dist, { recursive: true }))
    .map((name) => name.split(path.sep).join('/'))
    .sort()
  const room = await mkdtemp(path.join(os.tmpdir(), 'jindutong-compilers-'))
  try {
    return [
      ...(await run('wcc', room, dist, [
        '-d',
        '-o',
        path.join(room, 'wxml.js'),
        ...names.filter((name) => name.endsWith('.wxml')).map((name) => `./${name}`),
      ])),
      ...(await run('wcsc', room, dist, [
        '-lc',
        '-js',
        '-o',
        path.join(room, 'wxss.js'),
        ...names.filter((name) => name.endsWith('.wxss')).map((name) => `./${name}`),
      ])),
    ]
  } finally {
    await rm(room, { recursive: true, force: true })
  }
}

/** A copy is run: the package brings them without leave to execute, and node_modules may belong to somebody else. */
async function run(name, room, dist, args) {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  const program = path.join(room, file)
  await copyFile(path.join(home, 'bin', FOLDERS[process.platform], file), program)
  await chmod(program, 0o755)
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: dist,
    encoding: 'utf8',
    timeout: 30_000,
  })
  if (error) throw error
  const said = `${stderr}\n${stdout}`
    .split('\n')
    .filter((line) => /ERR|error|unexpected/i.test(line))
    .slice(0, 20)
  if (status === 0 && said.length === 0) return []
  return said.length > 0
    ? said.map((line) => `${name}: ${line}`)
    : [`${name} ended with ${status}: ${stderr.slice(0, 500)}`]
}
