import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import ts from 'typescript'
import { listSources } from './mutants/places.ts'

// Three positional parameters at most is the linter's business; that more than two are the exception is said here.

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const TESTS = /\.test\.ts$|\.scripted\.ts$|^server\/(test|stories|migrations)\//
/** At most a tenth of all functions take more than two. */
const SHARE = 0.1

/** The functions with a body in a file: how many parameters each takes. */
function countParameters(file: string): { where: string; count: number }[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  const found: { where: string; count: number }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body)
      found.push({
        where: `${file}:${String(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`,
        count: node.parameters.length,
      })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

test.each(['server/features', 'server'])(
  'at most a tenth of the functions of %s takes more than two parameters: a context and one object do',
  (place) => {
    const files = listSources(root).filter(
      (file) => file.startsWith(`${place}/`) && !TESTS.test(file),
    )
    const functions = files.flatMap(countParameters)
    const many = functions.filter(({ count }) => count > 2)
    if (many.length > functions.length * SHARE)
      throw new Error(
        `${String(many.length)} of ${String(functions.length)}: ${many.map(({ where }) => where).join(', ')}`,
      )
    expect(functions.length).toBeGreaterThan(100)
  },
)
