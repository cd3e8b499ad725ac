import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { at, bin, node, read, root, runProgram, say, seconds, Stop } from './run.mjs'

/** Folders and files whose content decides whether the build must be done again. */
const SOURCES = [
  'server',
  'shared',
  'scripts',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
]
const COMPILE = node(bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json')

export const inBuild = (name) => at('build', name)
const stamp = inBuild('.built')

const sha256 = (data) => createHash('sha256').update(data).digest('hex')
const isSource = (name) => /\.(ts|json)$/.test(name) && !/\.(test|d)\.ts$/.test(name)
const isOutput = (name) => /\.(js|json|map)$/.test(name)

function listFiles(folder, isWanted) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listFiles(file, isWanted)
    return isWanted(entry.name) ? [file] : []
  })
}

// By content, not by time: switching branches and back changes the times of files that are the same.
function hashSources() {
  const files = SOURCES.map((name) => at(name)).flatMap((file) =>
    statSync(file).isDirectory() ? listFiles(file, isSource).sort() : [file],
  )
  return sha256(
    files.map((file) => `${path.relative(root, file)} ${sha256(readFileSync(file))}`).join('\n'),
  )
}

const listOutputs = () =>
  listFiles(inBuild(''), isOutput).map((file) => path.relative(inBuild(''), file))

/** The hash of the last build that came to its end and still has all its files. */
function lastWholeBuild() {
  const { hash, outputs } = JSON.parse(read(stamp) ?? '{"outputs":[]}')
  return outputs.every((name) => existsSync(inBuild(name))) ? hash : undefined
}

export const isBuilt = () => lastWholeBuild() === hashSources()

export async function build(holdFor) {
  const began = performance.now()
  const hasWhole = lastWholeBuild() !== undefined
  say(`building ${hasWhole ? 'what changed' : 'everything'} (tsc) ...`)
  // tsc trusts its own record of what it wrote, which is worth nothing when files are missing or a build was killed.
  rmSync(hasWhole ? stamp : inBuild(''), { recursive: true, force: true })
  const hash = hashSources()
  const beat = setInterval(() => say(`  ... still building, ${seconds(began)}`), 10_000)
  const code = await runProgram(COMPILE, { onSpawn: holdFor, stdout: 2 }).finally(() =>
    clearInterval(beat),
  )
  if (code !== 0) throw new Stop(code, 'the build failed, see the errors above')
  removeStaleOutputs()
  writeFileSync(stamp, JSON.stringify({ hash, outputs: listOutputs() }))
  say(`built in ${seconds(began)}`)
}

/** tsc leaves the output of a source that was deleted or renamed. */
function removeStaleOutputs() {
  for (const name of listOutputs()) {
    const source = name.replace(/\.map$/, '').replace(/\.js$/, '.ts')
    if (!existsSync(at(source))) rmSync(inBuild(name))
  }
}
