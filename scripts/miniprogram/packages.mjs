import path from 'node:path'
import { build } from 'esbuild'
import { readText, source } from './files.mjs'

const root = path.dirname(source)
const json = async (name) => JSON.parse(await readText(name))

/** What app.json says: the pages of each package by its root; '' is the main package. */
export function readPackages({ pages, subPackages = [] }) {
  const below = subPackages.map((one) => [one.root, one.pages.map((page) => `${one.root}/${page}`)])
  return new Map([['', pages], ...below])
}

const findRoot = (roots, name) =>
  roots.find((one) => one !== '' && name.startsWith(`${one}/`)) ?? ''

/**
 * Which package each file of shared/ goes into: the main one, or the only one that needs it, so that nobody else loads
 * it. A file of miniprogram/ lies where it was put: in the wrong package it is an error.
 */
export async function assignShared(files) {
  const packages = readPackages(await json('app.json'))
  const { wrong, packageOf } = assign({
    names: files.filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3)),
    packages,
    needs: await readNeeds(files),
  })
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return packageOf
}

/** `names` of modules in miniprogram/; `needs`: what each module of miniprogram/ and shared/ needs, by path. */
export function assign({ names, packages, needs }) {
  const roots = [...packages.keys()]
  const users = new Map()
  for (const [root, pages] of packages) {
    const entries = [...(root === '' ? ['app'] : []), ...pages].map(inSource)
    for (const name of reach(needs, entries)) users.set(name, [...(users.get(name) ?? []), root])
  }
  const wrong = names.flatMap((name) =>
    judge(name, { home: findRoot(roots, name), users: users.get(inSource(name)) ?? [] }),
  )
  const packageOf = (module) => {
    const [only = '', ...others] = users.get(module) ?? []
    return others.length === 0 ? only : ''
  }
  return { wrong, packageOf }
}

const inSource = (name) => `miniprogram/${name}`

function judge(name, { home, users }) {
  if (users.length === 0) return [`miniprogram/${name}.ts: no page needs it`]
  const stranger = users.find((user) => user !== home)
  if (home !== '' && stranger !== undefined)
    return [
      `miniprogram/${name}.ts lies in ${home}, and ${stranger || 'the main package'} needs it: WeChat loads no package for another`,
    ]
  if (home === '' && !users.includes('') && users.length === 1)
    return [
      `miniprogram/${name}.ts: only ${users[0]} needs it, so it belongs there: everybody loads the main package`,
    ]
  return []
}

/** Every module and what it needs: what it imports, and the components that its JSON names. */
async function readNeeds(files) {
  const { metafile } = await build({
    entryPoints: files
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(source, name)),
    absWorkingDir: root,
    outdir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'neutral',
    logLevel: 'silent',
  })
  const bare = (name) => name.replace(/\.ts$/, '')
  const needs = new Map(
    Object.entries(metafile.inputs).map(([name, { imports }]) => [
      bare(name),
      imports.map((one) => bare(one.path)),
    ]),
  )
  for (const name of files.filter((one) => one.endsWith('.json'))) {
    const module = inSource(name.slice(0, -'.json'.length))
    const { usingComponents = {} } = await json(name)
    const components = Object.values(usingComponents).map((target) =>
      path.posix.join(
        'miniprogram',
        target.startsWith('/') ? target : path.posix.join(path.posix.dirname(name), target),
      ),
    )
    if (needs.has(module)) needs.set(module, [...needs.get(module), ...components])
  }
  return needs
}

function reach(needs, entries) {
  const reached = new Set()
  const waiting = [...entries]
  while (waiting.length > 0) {
    const name = waiting.pop()
    if (reached.has(name)) continue
    reached.add(name)
    waiting.push(...(needs.get(name) ?? []))
  }
  return reached
}
