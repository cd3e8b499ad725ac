import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { readPackages } from '../../miniprogram/packages.mjs'

/**
 * What a built mini-program consists of: its configuration, and every page of every package, and every component with the names of the
 * components it uses resolved.
 */
export async function readMini(dist) {
  const json = async (name) => JSON.parse(await readFile(path.join(dist, name), 'utf8'))
  const files = (await readdir(dist, { recursive: true })).map((name) => name.split(path.sep).join('/'))
  const app = await json('app.json')
  const theme = app.themeLocation ? await json(app.themeLocation) : {}
  const configs = {}
  const visit = async (name) => {
    if (configs[name]) return
    const config = await json(`${name}.json`)
    configs[name] = { ...config, usingComponents: resolveComponents(files, name, { ...app.usingComponents, ...config.usingComponents }) }
    for (const target of Object.values(configs[name].usingComponents)) await visit(target.slice(1))
  }
  for (const page of [...readPackages(app).values()].flat()) await visit(page)
  return { dist, files, app, theme, configs, names: Object.keys(configs) }
}

function resolveComponents(files, name, wanted) {
  return Object.fromEntries(Object.entries(wanted).map(([tag, target]) => {
    const file = target.startsWith('/') ? target.slice(1) : path.posix.join(path.posix.dirname(name), target)
    if (!files.includes(`${file}.json`)) throw new Error(`${name}.json: component "${tag}": "${target}" is not found`)
    return [tag, `/${file}`]
  }))
}
