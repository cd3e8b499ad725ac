import path from 'node:path'
import ts from 'typescript'

/** Which room reads which table or view of whom: `room` → `owner.table`, sorted. */
export type Readings = Readonly<Record<string, readonly string[]>>
/** `file`: room and name, as in server/features. */
export type SourceText = { file: string; text: string }

/** What a query builder takes a table by. */
const TAKES_TABLE = /^(?:db|trx|from|into|table|using|\w*[jJ]oin)$/
const IN_SQL = /\b(?:from|join|into|update|using)\s+(?:only\s+|lateral\s+)?([a-z_]+)/gi
const TABLE_WITH_ALIAS = /^([a-z_]+)(?:\s+as\s+\w+)?$/i

/** Who owns each table and view, by the comments of docs/schema.sql; a view that names no writer is everybody's. */
export function readOwners(schema: string): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  for (const [, name] of schema.matchAll(/^create (?:table|view) (\w+)/gm))
    owners.set(name!, 'view')
  for (const [, name, owner] of schema.matchAll(
    /^comment on (?:table|view) (\w+) is 'Writer: ([\w-]+)/gm,
  ))
    owners.set(name!, owner!)
  return owners
}

/** The arrows that leave their room. */
export function findReadings(
  stores: readonly SourceText[],
  owners: ReadonlyMap<string, string>,
): Readings {
  const found = new Map<string, Set<string>>()
  for (const { file, text } of stores) {
    const room = roomOf(file)
    const others = [...tablesIn(text)].filter((table) => (owners.get(table) ?? room) !== room)
    const arrows = found.get(room) ?? new Set()
    for (const table of others) arrows.add(`${owners.get(table)!}.${table}`)
    if (arrows.size > 0) found.set(room, arrows)
  }
  return Object.fromEntries(
    [...found]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([room, arrows]) => [room, [...arrows].toSorted()]),
  )
}

const roomOf = (file: string): string => path.basename(path.dirname(file))

/** Names that stand where a table stands, in the builder's calls and in SQL. */
function tablesIn(text: string): Set<string> {
  const tables = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && isTableArgument(node)) {
      const name = TABLE_WITH_ALIAS.exec(node.text.trim())?.[1]
      if (name !== undefined) tables.add(name)
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node))
      for (const [, name] of node.text.matchAll(IN_SQL)) tables.add(name!)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('store.ts', text, ts.ScriptTarget.Latest, true))
  return tables
}

/** `db('t')`, `.join('t as x', ...)`, `.from({ x: 't' })`. */
function isTableArgument(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isPropertyAssignment(parent)) return isTableArgument(parent.parent)
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== node) return false
  const { expression } = parent
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression
  return ts.isIdentifier(name) && TAKES_TABLE.test(name.text)
}
