/** A JSON schema, as far as our documents use it. */
type Schema = {
  const?: unknown
  enum?: unknown[]
  type?: string
  anyOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
}
type Parameter = { name: string; in: string; required: boolean; schema: Schema }
type Content = { content?: Record<string, { schema?: Schema }>; $ref?: string }
type Operation = {
  tags: string[]
  summary: string
  parameters?: Parameter[]
  requestBody?: Content
  responses: Record<string, Content>
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, Content> }
}

const HEAD = `// Made by \`npm run generate\` from docs/openapi.json: what each route asks for, answers and refuses.
export type Api = {`

/** The types of shared/client/client.ts: an entry per route that answers in the envelope; who answers with a file alone has none. */
export function describeClient(document: object): string {
  const { paths, components } = document as Document
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => !tags.some((tag) => ['platforms', 'pages'].includes(tag)))
      .filter(([, { responses }]) => isJson(responses['200']))
      .map(([method, operation]) =>
        entryOf(`${method.toUpperCase()} ${path}`, { operation, components }),
      ),
  )
  return `${HEAD}\n${entries.join('\n')}\n}\n`
}

type Given = { operation: Operation; components: Document['components'] }

function entryOf(name: string, { operation, components }: Given): string {
  const { summary, parameters = [], requestBody, responses } = operation
  const codes = Object.values(responses).flatMap((response) => codesOf(response, components))
  const body = isJson(requestBody) ? schemaOf(requestBody) : undefined
  const lines = [
    placed(
      'params',
      parameters.filter((one) => one.in === 'path'),
    ),
    placed(
      'query',
      parameters.filter((one) => one.in === 'query'),
    ),
    body && `body: ${toType(body, 2)}`,
    requestBody && !body ? 'file: string | Uint8Array' : undefined,
    `data: ${toType(schemaOf(responses['200']!).properties!['data']!, 2)}`,
    `code: ${[...new Set(codes)].map(quote).join(' | ')}`,
  ].filter((line) => line !== undefined)
  return `  /** ${summary} */\n  ${quote(name)}: {\n${lines.map((line) => `    ${line}`).join('\n')}\n  }`
}

/** In an address a number is written as it is. */
function placed(word: string, parameters: readonly Parameter[]): string | undefined {
  if (parameters.length === 0) return undefined
  const isNeeded = parameters.some(({ required }) => required)
  const fields = parameters.map(({ name, required, schema }) => {
    const type = schema.enum ? toType(schema, 0) : 'string | number'
    return `${name}${required ? '' : '?'}: ${type}`
  })
  return `${word}${isNeeded ? '' : '?'}: { ${fields.join('; ')} }`
}

const isJson = (given: Content | undefined): given is Content =>
  given?.content?.['application/json'] !== undefined
const schemaOf = ({ content }: Content): Schema => content!['application/json']!.schema!

function codesOf(response: Content, { responses }: Document['components']): string[] {
  const named = response.$ref === undefined ? response : responses[response.$ref.split('/').pop()!]!
  const error = schemaOf(named).allOf?.[1]?.properties?.['error']
  return (error?.properties?.['code']?.enum ?? []) as string[]
}

const quote = (text: string): string => `'${text}'`
const literal = (value: unknown): string =>
  typeof value === 'string' ? quote(value) : String(value)

function toType(schema: Schema, depth: number): string {
  if ('const' in schema) return literal(schema.const)
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((one) => toType(one, depth)).join(' | ')
  switch (schema.type) {
    case 'array': {
      const item = toType(schema.items ?? {}, depth)
      return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
    }
    case 'object':
      return toObject(schema, depth)
    case 'integer':
      return 'number'
    case undefined:
      return 'unknown'
    default:
      return schema.type
  }
}

function toObject(
  { properties = {}, required = [], additionalProperties }: Schema,
  depth: number,
): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) =>
      `${name}${required.includes(name) ? '' : '?'}: ${toType(schema, depth + 1)}`,
  )
  const others =
    typeof additionalProperties === 'object'
      ? toType(additionalProperties, depth + 1)
      : additionalProperties !== false && fields.length === 0
        ? 'unknown'
        : undefined
  if (fields.length === 0)
    return others === undefined ? 'Record<string, never>' : `Record<string, ${others}>`
  const space = '  '.repeat(depth + 1)
  const object = `{\n${fields.map((field) => `${space}${field}`).join('\n')}\n${'  '.repeat(depth)}}`
  return others === undefined ? object : `${object} & Record<string, ${others}>`
}
