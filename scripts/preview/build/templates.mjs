import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

const { TmplGroup } = createRequire(import.meta.url)('glass-easel-template-compiler')

/** Tags that the runtime plays (runtime/builtins.ts), and those that are none. */
const KNOWN_TAGS = new Set(['view', 'text', 'button', 'input', 'textarea', 'picker', 'image', 'scroll-view', 'switch', 'block', 'slot', 'template', 'include', 'import'])

/** Every WXML as JavaScript: compiled here, so that the page needs no eval. `warnings` are for people, one line each. */
export async function compileTemplates({ dist, files, configs }) {
  const group = new TmplGroup()
  const warnings = []
  for (const file of files.filter((name) => name.endsWith('.wxml'))) {
    const name = file.slice(0, -'.wxml'.length)
    const source = await readFile(path.join(dist, file), 'utf8')
    warnings.push(...group.addTmpl(name, source).map(toLine), ...findUnknownTags(file, source, configs[name]?.usingComponents ?? {}))
  }
  const code = group.getTmplGenObjectGroups()
  group.free()
  return { code, warnings }
}

const toLine = ({ path: name, startLine, startColumn, message }) => `${name}.wxml:${startLine + 1}:${startColumn + 1} ${message}`

function findUnknownTags(file, source, components) {
  const used = new Set([...source.matchAll(/<([a-z][\w-]*)/g)].map(([, tag]) => tag))
  return [...used].filter((tag) => !KNOWN_TAGS.has(tag) && !Object.hasOwn(components, tag)).map((tag) => `${file} <${tag}> is not played by scripts/preview/runtime/builtins.ts`)
}
