import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from '@swc/core'
import { expect, test } from '@jest/globals'

// Titles are claims: two tests of one name in one place claim one thing, so one of them says what it does not test.

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const ROOTS = ['server', 'shared', 'scripts', 'miniprogram']
const SKIPPED = new Set(['node_modules', 'dist'])

type Node = { type?: string; [field: string]: unknown }
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null
const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode)

/** `test`, for test, test.only and test.each(rows) alike. */
function nameOf(callee: Node): string | undefined {
  if (callee.type === 'Identifier') return String(callee['value'])
  const next =
    callee.type === 'MemberExpression'
      ? callee['object']
      : callee.type === 'CallExpression'
        ? callee['callee']
        : undefined
  return isNode(next) ? nameOf(next) : undefined
}

function literalOf(call: Node): string | undefined {
  const first = (call['arguments'] as { expression: Node }[])[0]?.expression
  if (first?.type === 'StringLiteral') return String(first['value'])
  return first?.type === 'TemplateLiteral'
    ? JSON.stringify((first['quasis'] as { raw: string }[]).map(({ raw }) => raw))
    : undefined
}

/** The full titles of the tests in a file, describe blocks in front; those made by code are not known here. */
function titlesIn(node: Node, above: readonly string[]): string[] {
  if (node.type !== 'CallExpression')
    return childrenOf(node).flatMap((child) => titlesIn(child, above))
  const name = nameOf(node['callee'] as Node)
  const title = literalOf(node)
  if ((name === 'test' || name === 'it') && title !== undefined)
    return [[...above, title].join(' > ')]
  const inside = name === 'describe' && title !== undefined ? [...above, title] : above
  return childrenOf(node).flatMap((child) => titlesIn(child, inside))
}

function duplicatesIn(source: string): string[] {
  const titles = titlesIn(parseSync(source, { syntax: 'typescript' }) as unknown as Node, [])
  return [...new Set(titles.filter((title, index) => titles.indexOf(title) !== index))]
}

const testFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : testFiles(file)
    return entry.name.endsWith('.test.ts') ? [file] : []
  })

test('a title that stands twice in one place is found', () => {
  expect(
    duplicatesIn(`test('a', () => {}); test('b', () => {}); test.only('a', async () => {})`),
  ).toEqual(['a'])
  expect(
    duplicatesIn(`describe('x', () => { test('a', () => {}); it.each([1])('a', () => {}) })`),
  ).toEqual(['x > a'])
})

test('the same title in another place is no duplicate', () => {
  expect(
    duplicatesIn(
      `describe('x', () => { test('a', () => {}) }); describe('y', () => { test('a', () => {}) }); test('a', () => {})`,
    ),
  ).toEqual([])
})

test('no test file says the same thing twice', () => {
  const files = ROOTS.flatMap((folder) => testFiles(path.join(root, folder)))
  expect(files.length).toBeGreaterThan(0)
  const found = files.map(
    (file) => [path.relative(root, file), duplicatesIn(readFileSync(file, 'utf8'))] as const,
  )
  expect(found.filter(([, titles]) => titles.length > 0)).toEqual([])
})
