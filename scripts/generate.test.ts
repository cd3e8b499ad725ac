import { describe, expect, test } from '@jest/globals'
import { describeApi } from './generate/documents.ts'

// What OpenAPI 3.1 asks for, as far as our documents use it; JSON Schema of draft 2020-12.

type Json = Record<string, unknown>
type Operation = {
  operationId: string
  summary: string
  parameters?: Parameter[]
  requestBody?: { content: Json }
  responses: Record<string, { description: string; content: Json }>
  security?: Json[]
}
type Parameter = { name: string; in: string; required: boolean; schema: Json }
type Document = {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Json; securitySchemes: Record<string, { type: string; scheme: string }> }
}

const KEYWORDS = new Set([
  '$ref',
  'additionalProperties',
  'anyOf',
  'allOf',
  'const',
  'default',
  'description',
  'enum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'multipleOf',
  'oneOf',
  'pattern',
  'prefixItems',
  'properties',
  'propertyNames',
  'required',
  'title',
  'type',
  'uniqueItems',
])
const TYPES = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is wrong with a schema and those inside it, each with where it stands. */
function findProblems(schema: unknown, at: string, names: readonly string[]): string[] {
  if (typeof schema === 'boolean') return []
  if (!isObject(schema)) return [`${at} is no schema`]
  const { type, properties = {}, required = [], pattern, items, additionalProperties } = schema
  const own = [
    ...Object.keys(schema)
      .filter((key) => !KEYWORDS.has(key))
      .map((key) => `${at} has an unknown keyword ${key}`),
    ...(type === undefined || [type].flat().every((one) => TYPES.has(one as string))
      ? []
      : [`${at} has an unknown type`]),
    ...(required as string[])
      .filter((name) => !Object.hasOwn(properties as Json, name))
      .map((name) => `${at} requires ${name}, which it does not describe`),
    ...(typeof schema['$ref'] === 'string' && !names.includes(schema['$ref'])
      ? [`${at} refers to ${schema['$ref']}, which is not there`]
      : []),
  ]
  if (typeof pattern === 'string') expect(() => new RegExp(pattern, 'u')).not.toThrow()
  const inner: [string, unknown][] = [
    ...Object.entries(properties as Json),
    ...['anyOf', 'allOf', 'oneOf', 'prefixItems'].flatMap((key) =>
      ((schema[key] ?? []) as unknown[]).map((one, index): [string, unknown] => [
        `${key}.${String(index)}`,
        one,
      ]),
    ),
    ...(items === undefined ? [] : [['items', items] as [string, unknown]]),
    ...(additionalProperties === undefined
      ? []
      : [['additionalProperties', additionalProperties] as [string, unknown]]),
  ]
  return [...own, ...inner.flatMap(([name, one]) => findProblems(one, `${at}.${name}`, names))]
}

const api = (await describeApi()) as Document
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method} ${path}`,
    path,
    operation,
  })),
)
const schemaIn = (content: Json): unknown =>
  (content['application/json'] as { schema: unknown }).schema

describe('the OpenAPI document', () => {
  test('says what it is', () => {
    expect(api.openapi).toBe('3.1.0')
    expect(api.info).toMatchObject({
      title: expect.stringMatching(/./),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    })
    expect(operations.length).toBeGreaterThan(0)
    const { staffSession, ...bearers } = api.components.securitySchemes
    expect(
      Object.values(bearers).every(({ type, scheme }) => type === 'http' && scheme === 'bearer'),
    ).toBe(true)
    expect(staffSession).toMatchObject({ type: 'apiKey', in: 'cookie' })
  })

  test('gives every operation a name of its own', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(
      operations.filter(({ operation }) => operation.summary === '').map(({ name }) => name),
    ).toEqual([])
  })

  test('describes each parameter in a path, and no other', () => {
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect([path, inPath.map(({ name }) => name)]).toEqual([
        path,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      ])
      expect(inPath.every(({ required }) => required)).toBe(true)
    }
  })

  test('names only keys that it has', () => {
    const named = operations.flatMap(({ operation }) =>
      (operation.security ?? []).flatMap(Object.keys),
    )
    expect(named.filter((name) => !Object.hasOwn(api.components.securitySchemes, name))).toEqual([])
  })

  test('answers each operation with success and refusal, and says who is refused where not everybody may', () => {
    for (const { name, operation } of operations) {
      const isForSome = (operation.security ?? []).length > 0
      expect([name, Object.keys(operation.responses)]).toEqual([
        name,
        ['200', ...(isForSome ? ['401', '403'] : []), 'default'],
      ])
      expect(
        Object.values(operation.responses).every(({ description }) => description !== ''),
      ).toBe(true)
    }
  })

  test('has only sound schemas', () => {
    const names = Object.keys(api.components.schemas).map((name) => `#/components/schemas/${name}`)
    const schemas: [string, unknown][] = [
      ...Object.entries(api.components.schemas),
      ...operations.flatMap(({ name, operation }): [string, unknown][] => [
        ...(operation.parameters ?? []).map((parameter): [string, unknown] => [
          `${name} ${parameter.name}`,
          parameter.schema,
        ]),
        ...(operation.requestBody
          ? [[`${name} body`, schemaIn(operation.requestBody.content)] as [string, unknown]]
          : []),
        ...Object.entries(operation.responses).map(([status, { content }]): [string, unknown] => [
          `${name} ${status}`,
          schemaIn(content),
        ]),
      ]),
    ]
    expect(schemas.flatMap(([at, schema]) => findProblems(schema, at, names))).toEqual([])
  })
})
