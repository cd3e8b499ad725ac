import { describe, expect, test } from '@jest/globals'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describeApi } from './generate/documents.ts'

type Json = Record<string, unknown>
type Operation = {
  operationId: string
  summary: string
  tags: string[]
  parameters?: { name: string; in: string; required: boolean }[]
  responses: Record<string, Json>
  security: Json[]
}
type Document = {
  openapi: string
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<'schemas' | 'responses' | 'securitySchemes', Json>
}

const api = (await describeApi()) as Document
const text = JSON.stringify(api)
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method} ${path}`,
    path,
    operation,
  })),
)

describe('the OpenAPI document', () => {
  test('is what OpenAPI 3.1 asks for', async () => {
    expect(api.openapi).toBe('3.1.0')
    expect(await new Validator().validate(JSON.parse(text))).toEqual({ valid: true })
  })

  test('refers to nothing that is not there, and keeps nothing to which nothing refers', () => {
    const named = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)].map(
      ([, kind, name]) => `${kind!}/${name!}`,
    )
    const { schemas, responses } = api.components
    const kept = Object.entries({ schemas, responses }).flatMap(([kind, ofKind]) =>
      Object.keys(ofKind).map((name) => `${kind}/${name}`),
    )
    expect([...new Set(named)].sort()).toEqual(kept.sort())
  })

  test('gives every operation a name of its own, words, and a heading that is explained', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const headings = api.tags.map(({ name }) => name)
    const wrong = operations.filter(
      ({ operation: { summary, tags } }) => summary === '' || !headings.includes(tags[0]!),
    )
    expect(wrong.map(({ name }) => name)).toEqual([])
    const used = new Set(operations.flatMap(({ operation }) => operation.tags))
    expect(headings.filter((name) => !used.has(name))).toEqual([])
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
    const named = operations.flatMap(({ operation }) => operation.security.flatMap(Object.keys))
    expect(named.filter((name) => !Object.hasOwn(api.components.securitySchemes, name))).toEqual([])
  })

  test('names each status that an operation may answer with, and says who is refused where not everybody may', () => {
    for (const { name, operation } of operations) {
      const statuses = Object.keys(operation.responses)
      expect([name, statuses]).not.toContainEqual(expect.arrayContaining(['default']))
      const isForSome = operation.security.length > 0
      if (isForSome)
        expect([name, statuses]).toEqual([name, expect.arrayContaining(['401', '403'])])
    }
  })
})
