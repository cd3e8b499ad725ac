// Makes every npm command work on a machine that has only Node and npm: installs what the lock file says, builds what
// changed, runs the command. Plain JavaScript without dependencies, because it runs before there are any.
import { existsSync, mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build, inBuild, isBuilt } from './bootstrap/build.mjs'
import { install, isInstalled } from './bootstrap/install.mjs'
import { withLock } from './bootstrap/lock.mjs'
import { leaveWithNpm } from './bootstrap/parent.mjs'
import { at, bin, node, root, runProgram, say, seconds, Stop } from './bootstrap/run.mjs'

/** `script` runs from the build; `run` is a program of its own that needs no build; `checks` runs CHECKS. */
const JEST = node(
  '--disable-warning=ExperimentalWarning',
  '--experimental-vm-modules',
  bin('jest/bin/jest.js'),
)

const COMMANDS = {
  start: { script: 'scripts/start' },
  story: { script: 'scripts/story' },
  migrate: { script: 'scripts/migrate' },
  admin: { script: 'scripts/admin' },
  doctor: { script: 'scripts/doctor' },
  bench: { script: 'scripts/bench' },
  'db:stop': { script: 'scripts/db-stop' },
  build: {},
  dev: { run: node('--import', 'tsx', at('scripts/dev.ts')), ipc: true },
  generate: { run: node('--import', 'tsx', at('scripts/generate.ts')) },
  'build:miniprogram': { run: node(at('scripts/build-miniprogram.mjs')) },
  'upload:miniprogram': { run: node(at('scripts/upload-miniprogram.mjs')) },
  'dev:miniprogram': { run: node(at('scripts/build-miniprogram.mjs'), '--watch') },
  screenshots: { run: node('--import', 'tsx', at('scripts/screenshots.ts')) },
  test: { run: JEST },
  'test:long': {
    run: [...JEST, '--findRelatedTests', 'server/test/long.ts'],
    env: { TEST_LONG: '1' },
  },
  'test:mutants': { run: node('--import', 'tsx', at('scripts/mutants.ts')) },
  check: { checks: true },
  format: { run: node(bin('prettier/bin/prettier.cjs'), '--log-level', 'warn', '--write', '.') },
}

/** What `npm run check` runs, two at a time, the longest first; an entry with `needs` only when that file exists. */
const CHECKS = [
  { name: 'lint', run: node(bin('eslint/bin/eslint.js'), '.') },
  { name: 'types', run: node(bin('typescript/bin/tsc'), '--noEmit') },
  {
    name: 'format',
    run: node(bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'),
  },
  {
    name: 'miniprogram',
    run: node(bin('typescript/bin/tsc'), '--noEmit', '-p', 'miniprogram/tsconfig.json'),
  },
  {
    name: 'pages',
    run: node(bin('typescript/bin/tsc'), '--noEmit', '-p', 'scripts/playground/tsconfig.json'),
    needs: 'scripts/playground/tsconfig.json',
  },
  {
    name: 'compilers',
    run: node(at('scripts/preview/check.mjs')),
    needs: 'scripts/preview/check.mjs',
  },
  {
    name: 'floors',
    run: node(
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      'server',
      'shared',
      'scripts',
      'miniprogram',
    ),
  },
  {
    name: 'generated',
    run: node('--import', 'tsx', at('scripts/check-generated.ts')),
    needs: 'scripts/check-generated.ts',
  },
  {
    name: 'readings',
    run: node('--import', 'tsx', at('scripts/check-readings.ts')),
    needs: 'scripts/check-readings.ts',
  },
]

async function main([name = 'start', ...rest]) {
  refuseOldNode()
  const command = COMMANDS[name]
  if (!command)
    throw new Stop(2, `unknown command "${name}"; there are: ${Object.keys(COMMANDS).join(', ')}`)
  process.chdir(root)
  leaveWithNpm()
  await prepare(!command.run && !command.checks)
  if (command.checks) await runChecks()
  if (command.run) process.exitCode = await runProgram([...command.run, ...rest], command)
  if (command.script) await runScript(`${command.script}.js`, rest)
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Stop(
    1,
    `需要 Node.js 20.19 或更高版本，当前是 ${process.versions.node}，请先升级：https://nodejs.org
Node.js 20.19 or newer is needed, this is ${process.versions.node}; please upgrade: https://nodejs.org`,
  )
}

/** Looks before it takes the lock: when all is done there is nothing to wait for, and nothing to write. */
async function prepare(wantsBuild) {
  if (isInstalled() && (!wantsBuild || isBuilt())) return
  mkdirSync(at('.data'), { recursive: true })
  const work = async (holdFor) => {
    if (!isInstalled()) await install(holdFor)
    if (wantsBuild && !isBuilt()) await build(holdFor)
  }
  await withLock(at('.data', 'bootstrap.lock'), work, (pid) =>
    say(`waiting for process ${pid}, which installs or builds in this checkout ...`),
  )
}

/** In this very process: one process less to start, to signal and to leave behind. */
async function runScript(name, args) {
  const file = inBuild(name)
  if (!existsSync(file)) throw new Stop(1, `this version has no ${name}`)
  process.argv = [process.execPath, file, ...args]
  process.setSourceMapsEnabled(true)
  await import(pathToFileURL(file).href)
}

async function runChecks() {
  const waiting = CHECKS.filter(({ needs }) => !needs || existsSync(at(needs)))
  const failed = []
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const began = performance.now()
      const code = await runProgram(check.run)
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name.padEnd(10)} ${seconds(began)}`)
      if (code !== 0) failed.push(check.name)
    }
  }
  await Promise.all([lane(), lane()])
  if (failed.length > 0) throw new Stop(1, `failed: ${failed.join(', ')}`)
}

main(process.argv.slice(2)).catch((error) => {
  if (error instanceof Stop) say(error.message)
  else if (['EACCES', 'EPERM', 'EROFS'].includes(error?.code))
    say(
      `${error.message}\nThis account may not write in the checkout: run the command as its owner.`,
    )
  else console.error(error)
  process.exitCode = error instanceof Stop ? error.exitCode : 1
})
