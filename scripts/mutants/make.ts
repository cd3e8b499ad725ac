import { parseSync } from '@swc/core'
import ts from 'typescript'
import { mutateSql, type Edit } from './sql.ts'

export type Mutant = {
  file: string
  line: number
  /** The changed piece of the file: `before` stood from `start` to `end`. */
  start: number
  end: number
  before: string
  after: string
  /** Names the mutant through edits elsewhere: file, function, texts; numbered where that is not enough. */
  id: string
}

type Unnumbered = Omit<Mutant, 'id'> & { within: string }

const OPPOSITE = new Map(
  Object.entries({
    '===': '!==',
    '!==': '===',
    '<': '>=',
    '>=': '<',
    '>': '<=',
    '<=': '>',
    '&&': '||',
    '||': '&&',
    '??': '&&',
    '+': '-',
    '-': '+',
    '*': '/',
    '/': '*',
  }),
)
/** Only rules meet an exact instant or count in their tests; elsewhere the clock runs. */
const BOUNDARY = new Map(Object.entries({ '<': '<=', '<=': '<', '>': '>=', '>=': '>' }))
const SWAPPED_CALLS = new Map(
  Object.entries({ min: 'max', max: 'min', some: 'every', every: 'some' }),
)
const DROPPED_CALLS = new Set([
  'where',
  'whereNull',
  'whereNotNull',
  'whereIn',
  'whereNotIn',
  'andWhere',
  'whereRaw',
  'forUpdate',
  'skipLocked',
  'orderBy',
  'modify',
  'filter',
])
/** How often and how fast something is tried is tuning; the log is for people. */
const NOT_MUTATED = /^((deps|tx)\.)?log\.|maxAttempts|maxConnections/

/** All mutants of a file, in the order of its text: changes of one operator, condition, call, number or piece of SQL each. */
export function makeMutants(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const isRules = file.endsWith('.rules.ts') || file.startsWith('shared/')
  const found: Unnumbered[] = []
  const add = (node: ts.Node, { start, end, after }: Edit) => {
    const before = text.slice(start, end)
    const { line } = source.getLineAndCharacterOfPosition(
      start + (before.length - before.trimStart().length),
    )
    if (before !== after)
      found.push({ file, line: line + 1, start, end, before, after, within: nameOfFunction(node) })
  }
  const visit = (node: ts.Node): void => {
    if (
      ts.isTypeNode(node) ||
      ts.isImportDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node)
    )
      return
    if (
      NOT_MUTATED.test(node.getText(source)) &&
      (ts.isPropertyAssignment(node) || ts.isExpressionStatement(node))
    )
      return
    if (
      ts.isIfStatement(node) &&
      !node.elseStatement &&
      NOT_MUTATED.test(onlyStatement(node.thenStatement).getText(source))
    )
      return
    for (const edit of mutateNode(node, source, isRules)) add(node, edit)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return number(found)
}

/** The file with the change of a mutant. */
export const applyMutant = (text: string, { start, end, after }: Mutant): string =>
  text.slice(0, start) + after + text.slice(end)

/** False for what the compiler of the tests does not take: nothing would run. */
export function isValid(text: string, mutant: Mutant): boolean {
  try {
    parseSync(applyMutant(text, mutant), { syntax: 'typescript' })
    return true
  } catch {
    return false
  }
}

const onlyStatement = (then: ts.Statement): ts.Statement =>
  ts.isBlock(then) && then.statements.length === 1 ? then.statements[0]! : then

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** What a mutant changes, in one line for people. */
export const describeMutant = ({ before, after }: Pick<Mutant, 'before' | 'after'>): string =>
  `${oneLine(before)}  =>  ${after === '' ? '(nothing)' : oneLine(after)}`

function number(found: Unnumbered[]): Mutant[] {
  const seen = new Map<string, number>()
  return found
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ within, ...mutant }) => {
      const name = `${mutant.file} | ${within} | ${describeMutant(mutant)}`
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      return { ...mutant, id: count === 1 ? name : `${name} (${count})` }
    })
}

function nameOfFunction(node: ts.Node): string {
  for (let at: ts.Node = node; at.parent; at = at.parent) {
    const named =
      ts.isFunctionDeclaration(at) || ts.isVariableDeclaration(at) || ts.isPropertyAssignment(at)
        ? at.name
        : undefined
    const isOuter = ts.isFunctionDeclaration(at) || ts.isSourceFile(at.parent.parent?.parent ?? at)
    if (named && isOuter) return named.getText()
  }
  return 'top'
}

function mutateNode(node: ts.Node, source: ts.SourceFile, isRules: boolean): Edit[] {
  const whole = (after: string): Edit => ({
    start: node.getStart(source),
    end: node.getEnd(),
    after,
  })
  if (ts.isBinaryExpression(node)) return mutateOperator(node, source, isRules).map(whole)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [whole(node.operand.getText(source))]
  if (ts.isIfStatement(node)) return force(node.expression, source)
  if (ts.isConditionalExpression(node)) return force(node.condition, source)
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [whole('false')]
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [whole('true')]
  if (ts.isNumericLiteral(node))
    return isIndex(node) ? [] : [whole(node.text === '0' ? '1' : `${node.getText(source)} * 2`)]
  if (ts.isExpressionStatement(node)) return isDeed(node.expression) ? [whole(';')] : []
  if (ts.isCallExpression(node)) return mutateCall(node, source)
  if (isText(node)) return mutateText(node, source, isRules)
  return []
}

const force = (condition: ts.Expression, source: ts.SourceFile): Edit[] =>
  ['true', 'false'].map((after) => ({
    start: condition.getStart(source),
    end: condition.getEnd(),
    after,
  }))

function mutateOperator(
  { left, right, operatorToken }: ts.BinaryExpression,
  source: ts.SourceFile,
  isRules: boolean,
): string[] {
  const operator = operatorToken.getText(source)
  const isJoined =
    operator === '+' &&
    [left, right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side))
  const others = isJoined
    ? []
    : [OPPOSITE.get(operator), ...(isRules ? [BOUNDARY.get(operator)] : [])]
  return others
    .filter((other) => other !== undefined)
    .map((other) => `${left.getText(source)} ${other} ${right.getText(source)}`)
}

function mutateCall(call: ts.CallExpression, source: ts.SourceFile): Edit[] {
  if (!ts.isPropertyAccessExpression(call.expression)) return []
  const { expression: on, name } = call.expression
  const edits: Edit[] = []
  const isFilter = name.text !== 'filter' || call.arguments.length === 1
  if (DROPPED_CALLS.has(name.text) && isFilter)
    edits.push({ start: on.getEnd(), end: call.getEnd(), after: '' })
  const swapped = SWAPPED_CALLS.get(name.text)
  if (swapped !== undefined)
    edits.push({ start: name.getStart(source), end: name.getEnd(), after: swapped })
  const [condition] = call.arguments
  if (
    name.text === 'where' &&
    condition &&
    ts.isObjectLiteralExpression(condition) &&
    condition.properties.length > 1
  ) {
    edits.push(...dropProperties(condition, source))
  }
  return edits
}

/** Every single condition of `where({ a, b })`. */
function dropProperties({ properties }: ts.ObjectLiteralExpression, source: ts.SourceFile): Edit[] {
  return properties.map((property, at) => {
    const next = properties[at + 1]
    return next
      ? { start: property.getStart(source), end: next.getStart(source), after: '' }
      : { start: properties[at - 1]!.getEnd(), end: property.getEnd(), after: '' }
  })
}

/** A call for what it does; what it answers is not looked at. */
function isDeed(expression: ts.Expression): boolean {
  const inner =
    ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)
      ? expression.expression
      : expression
  return ts.isCallExpression(inner) && inner.expression.kind !== ts.SyntaxKind.SuperKeyword
}

const isIndex = (node: ts.Node): boolean => ts.isElementAccessExpression(node.parent)

type Text = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression
const isText = (node: ts.Node): node is Text =>
  ts.isStringLiteral(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  ts.isTemplateExpression(node)

function mutateText(node: Text, source: ts.SourceFile, isRules: boolean): Edit[] {
  const start = node.getStart(source)
  if (isRules) return isOutcome(node) ? [{ start, end: node.getEnd(), after: `''` }] : []
  if (!source.fileName.endsWith('.store.ts')) return []
  return mutateSql(node.getText(source).slice(1, -1)).map((edit) => ({
    ...edit,
    start: start + 1 + edit.start,
    end: start + 1 + edit.end,
  }))
}

/** A word of ours that a rule answers; not a text for readers, nor a name in a comparison, a case or a key. */
function isOutcome(node: Text): boolean {
  if (!ts.isStringLiteral(node) || !/^[a-z][\w.-]*$/i.test(node.text)) return false
  const { parent } = node
  return (
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    ts.isReturnStatement(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== node) ||
    (ts.isArrowFunction(parent) && parent.body === node)
  )
}
