import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { envelope, ErrorAnswer } from '../../shared/api/envelope.ts'
import { refusalCodesOf } from './callers.ts'
import { STAFF_COOKIE } from './cookies.ts'
import type { Route } from './route.ts'

type JsonObject = Record<string, unknown>

/** The OpenAPI 3.1 document of the routes; what is served at /openapi.json and kept in docs/openapi.json. */
export function toOpenApi(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '进度通 API',
      version,
      description:
        "Sessions and keys travel as `Authorization: Bearer ...`, members' sessions as a cookie; what members change needs the header `X-Staff-Page`.",
    },
    paths,
    components: {
      schemas: { Error: schema(ErrorAnswer) },
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer' },
        adminKey: { type: 'http', scheme: 'bearer' },
        serviceKey: { type: 'http', scheme: 'bearer' },
        staffSession: { type: 'apiKey', in: 'cookie', name: STAFF_COOKIE },
      },
    },
  }
}

const SECURITY: Record<Exclude<Route['who'], 'public'>, readonly string[]> = {
  customer: ['session'],
  staff: ['staffSession'],
  viewer: ['adminKey', 'staffSession'],
  operator: ['adminKey', 'staffSession'],
  admin: ['adminKey', 'staffSession'],
  viewerOrService: ['adminKey', 'serviceKey', 'staffSession'],
  operatorOrService: ['adminKey', 'serviceKey', 'staffSession'],
  customerOrViewer: ['session', 'adminKey', 'staffSession'],
  customerOrService: ['session', 'adminKey', 'serviceKey', 'staffSession'],
}

function operation(route: Route): JsonObject {
  const { body, data } = route.schemas
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    ...(route.who === 'public'
      ? {}
      : { security: SECURITY[route.who].map((scheme) => ({ [scheme]: [] })) }),
    ...(parameters(route).length > 0 && { parameters: parameters(route) }),
    ...(body && { requestBody: { required: true, content: json(schema(body, 'input')) } }),
    ...(route.takes && { requestBody: { required: true, content: files(route.takes) } }),
    responses: {
      200: {
        description: 'success',
        content: {
          ...(data && json(schema(envelope(data)))),
          ...(route.gives && files([route.gives])),
        },
      },
      ...(route.who === 'public' ? {} : refusals(route.who)),
      default: { description: 'refused', content: json({ $ref: '#/components/schemas/Error' }) },
    },
  }
}

function refusals(who: Exclude<Route['who'], 'public'>): JsonObject {
  const codes = Object.entries(refusalCodesOf(who))
  return Object.fromEntries(
    codes.map(([status, ofStatus]) => [
      status,
      { description: ofStatus.join(', '), content: json({ $ref: '#/components/schemas/Error' }) },
    ]),
  )
}

function parameters(route: Route): JsonObject[] {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const query = route.schemas.query ? schema(route.schemas.query, 'input') : {}
  const inQuery = Object.entries((query['properties'] ?? {}) as JsonObject).map(
    ([name, described]) => ({ name, in: 'query', required: false, schema: described }),
  )
  const ofStaff =
    route.who !== 'public' && SECURITY[route.who].includes('staffSession') && route.method !== 'get'
      ? [
          {
            name: 'X-Staff-Page',
            in: 'header',
            required: route.who === 'staff',
            description: 'any value, with a cookie: no other web site can make a browser send it',
            schema: { type: 'string' },
          },
        ]
      : []
  return [...inPath, ...inQuery, ...ofStaff]
}

const json = (described: JsonObject): JsonObject => ({ 'application/json': { schema: described } })

const files = (types: readonly string[]): JsonObject =>
  Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]))

function schema(source: v.GenericSchema, typeMode: 'input' | 'output' = 'output'): JsonObject {
  const { $schema: _, ...described } = toJsonSchema(source, {
    typeMode,
    errorMode: 'ignore',
    target: 'draft-2020-12',
  }) as JsonObject
  return described
}
