import ts from 'typescript'

type Func = { name: string; node: ts.FunctionLikeDeclaration; body: ts.ConciseBody }

/** Says at the start of every function of a file that it runs; tests/environment.mjs listens. */
export function addProbes(file: string, text: string): string {
  const source = parse(file, text)
  const edits = findFunctions(file, source).flatMap(({ name, body }) => {
    const hit = `globalThis.__mutantProbe?.(${JSON.stringify(name)})`
    if (ts.isBlock(body)) return [{ at: body.getStart(source) + 1, put: `${hit};` }]
    return [
      { at: body.getStart(source), put: `(${hit}, ` },
      { at: body.getEnd(), put: ')' },
    ]
  })
  // From the end to the start; of two at one place the later function is the inner one.
  return edits
    .map((edit, order) => ({ ...edit, order }))
    .sort((a, b) => b.at - a.at || a.order - b.order)
    .reduce((changed, { at, put }) => changed.slice(0, at) + put + changed.slice(at), text)
}

/**
 * The probes of the functions that show a change at `position`: the function around it and those it makes. Around a
 * constant of the file, those that mention it, else all of the file.
 */
export function probesAt(
  file: string,
  text: string,
  position: number,
): { own: string | null; related: string[] } {
  const source = parse(file, text)
  const functions = findFunctions(file, source)
  const around = functions
    .filter(({ node }) => node.getStart(source) <= position && position < node.getEnd())
    .at(-1)
  if (around) {
    const inner = functions.filter(
      ({ node }) =>
        node !== around.node && node.pos >= around.node.pos && node.end <= around.node.end,
    )
    return { own: around.name, related: inner.map(({ name }) => name) }
  }
  const mentions = findMentions(source, position)
  const users = functions.filter(({ node }) =>
    mentions.some((name) => new RegExp(`\\b${name}\\b`).test(node.getText(source))),
  )
  return { own: null, related: (users.length > 0 ? users : functions).map(({ name }) => name) }
}

const parse = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)

function findFunctions(file: string, source: ts.SourceFile): Func[] {
  const found: Func[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      found.push({
        name: `${file}#${String(found.length)}`,
        node: node as ts.FunctionLikeDeclaration,
        body: node.body as ts.ConciseBody,
      })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The constant at `position`, and the constants that are made of it. */
function findMentions(source: ts.SourceFile, position: number): string[] {
  const declarations = source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
  const names = declarations
    .filter((one) => one.getStart(source) <= position && position < one.getEnd())
    .map(({ name }) => name.getText(source))
  for (const name of names) {
    for (const other of declarations) {
      const text = other.initializer?.getText(source) ?? ''
      const made = other.name.getText(source)
      if (!names.includes(made) && new RegExp(`\\b${name}\\b`).test(text)) names.push(made)
    }
  }
  return names
}
