const IMPORT = /\s*import\s*(?:\{([^}]*)\}\s*from\s*)?("[^"]*");?/y
const EXPORT = /(?:^|[;}\s])export\s*\{([^{}]*)\};?\s*$/

/**
 * A module as esbuild writes it, its imports and exports as CommonJS has them. esbuild's own way costs half a kilobyte a file,
 * for modules that need each other in a circle and exports that change later: here there are none.
 */
export function toCommonJs(text) {
  const needed = []
  IMPORT.lastIndex = 0
  let end = 0
  for (let found; (found = IMPORT.exec(text)) !== null; end = IMPORT.lastIndex)
    needed.push(toRequire(found))
  const body = text.slice(end)
  const [all, names = ''] = EXPORT.exec(body) ?? ['']
  const own = body.slice(0, body.length - all.length + (/^[;}]/.test(all) ? 1 : 0))
  if (/(?:^|[;}\n])\s*(?:import|export)\b\s*[{"*]/.test(own))
    throw new Error(`not a module as esbuild writes it: ${text.slice(0, 80)}`)
  return `"use strict";${needed.join('')}${own}${toExports(names)}`
}

const toRequire = ([, names, from]) =>
  names === undefined
    ? `require(${from});`
    : `const {${names.replace(/\s+as\s+/g, ':')}}=require(${from});`

const toExports = (names) =>
  names
    .split(',')
    .map((one) => one.trim().split(/\s+as\s+/))
    .filter(([own]) => own)
    .map(([own, told = own]) => `;exports.${told}=${own}`)
    .join('')
