import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { envelope, ErrorAnswer } from '../../shared/api/envelope.ts'
import { passesOf } from './callers.ts'
import { STAFF_COOKIE } from './cookies.ts'
import { callbackRefusals, createResponses, refusalsOf } from './openapi.responses.ts'
import type { PlainRoute, PlatformRoute, Route } from './route.ts'

type JsonObject = Record<string, unknown>
type Responses = ReturnType<typeof createResponses>
type Served = {
  /** Under the headings of `tags`, which say what each is about. */
  routes: readonly { tag: string; route: Route }[]
  platformRoutes: readonly PlatformRoute[]
  pages: readonly PlainRoute[]
  tags: Readonly<Record<string, string>>
  version: string
}

const DESCRIPTION = `Every answer is an envelope: \`success\`, \`data\` or \`error.code\`, a \`message\` in Chinese for people. Codes are stable; messages are not.

Sessions and keys travel as \`Authorization: Bearer ...\`, members' sessions as a cookie; what members change needs the header \`X-Staff-Page\`. The names beside a security scheme are the roles that may: \`viewer\`, \`operator\`, \`admin\`, \`service\`.`

/** The OpenAPI 3.1 document of what is served; at /openapi.json, readable at /docs, and kept in docs/openapi.json. */
export function toOpenApi({ routes, platformRoutes, pages, tags, version }: Served): JsonObject {
  const responses = createResponses()
  const operations: Operation[] = [
    ...routes.map(({ route, tag }) => operationOf(route, { tag, responses })),
    ...platformRoutes.map((route) => callbackOf(route, responses)),
    ...pages.map(pageOf),
  ]
  const paths: Record<string, JsonObject> = {}
  for (const [path, method, operation] of operations)
    paths[path] = { ...paths[path], [method]: operation }
  return {
    openapi: '3.1.0',
    info: { title: '进度通 API', version, description: DESCRIPTION },
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { Error: schema(ErrorAnswer) },
      responses: responses.shared,
      securitySchemes: {
        session: { ...BEARER, description: 'a customer: sessionToken of POST /api/wechat/openid' },
        adminKey: { ...BEARER, description: 'a person: a key with one of the roles' },
        serviceKey: { ...BEARER, description: 'a program: a key with the scope service' },
        staffSession: {
          type: 'apiKey',
          in: 'cookie',
          name: STAFF_COOKIE,
          description: 'a member who has signed in at /staff/; with a role also where keys open',
        },
      },
    },
  }
}

const BEARER = { type: 'http', scheme: 'bearer' }

type Operation = [path: string, method: string, operation: JsonObject]

function operationOf(
  route: Route,
  { tag, responses }: { tag: string; responses: Responses },
): Operation {
  const { body, data } = route.schemas
  return [
    route.path.replace(/:(\w+)/g, '{$1}'),
    route.method,
    {
      tags: [tag],
      summary: route.summary,
      operationId: nameOf(route),
      security: securityOf(route.who),
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
        ...responses.of(refusalsOf(route)),
      },
    },
  ]
}

const nameOf = ({ method, path }: { method: string; path: string }): string =>
  `${method}${path.replace(/\W+(\w)?/g, (_, letter: string = '') => letter.toUpperCase())}`

/** Which schemes open a door, each with the roles that may: with a key, or as a member. Nothing: everybody may. */
function securityOf(who: Route['who']): JsonObject[] {
  if (who === 'public') return []
  const passes = passesOf(who)
  const roles = passes.filter((pass) => ['viewer', 'operator', 'admin'].includes(pass))
  return [
    ...(passes.includes('customer') ? [{ session: [] }] : []),
    ...(roles.length > 0 ? [{ adminKey: roles }] : []),
    ...(passes.includes('service') ? [{ serviceKey: ['service'] }] : []),
    ...(passes.includes('staff') || roles.length > 0 ? [{ staffSession: roles }] : []),
  ]
}

function parameters(route: Route): JsonObject[] {
  const inPath = ofPlace('path', route.schemas.params)
  const inQuery = ofPlace('query', route.schemas.query)
  const isMembers = securityOf(route.who).some((scheme) => 'staffSession' in scheme)
  const isDeed = route.method !== 'get' || route.reveals
  const ofStaff = isMembers && isDeed ? [staffPage(route.who === 'staff')] : []
  return [...inPath, ...inQuery, ...ofStaff]
}

function ofPlace(place: 'path' | 'query', source: v.GenericSchema | undefined): JsonObject[] {
  if (!source) return []
  const { properties, required = [] } = schema(source, 'input') as {
    properties: JsonObject
    required?: string[]
  }
  return Object.entries(properties).map(([name, described]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: described,
  }))
}

const staffPage = (required: boolean): JsonObject => ({
  name: 'X-Staff-Page',
  in: 'header',
  required,
  description: 'any value, with a cookie: no other web site can make a browser send it',
  schema: { type: 'string' },
})

const TEXT = { schema: { type: 'string' } }

const callbackOf = (route: PlatformRoute, responses: Responses): Operation => [
  route.path,
  route.method,
  {
    tags: ['platforms'],
    summary: route.summary,
    operationId: nameOf(route),
    security: [],
    parameters: route.query.map((name) => ({ name, in: 'query', required: true, ...TEXT })),
    ...(route.method === 'post' && {
      requestBody: { required: true, content: { 'text/xml': TEXT } },
    }),
    responses: {
      200: {
        description: 'taken',
        content: Object.fromEntries(route.answers.map((type) => [type, TEXT])),
      },
      ...responses.of(callbackRefusals()),
    },
  },
]

const pageOf = ({ path, params, summary, type, answers }: PlainRoute): Operation => [
  path,
  'get',
  {
    tags: ['pages'],
    summary,
    operationId: nameOf({ method: 'get', path }),
    security: [],
    ...(params && {
      parameters: Object.entries(params).map(([name, description]) => ({
        name,
        in: 'path',
        required: true,
        description,
        ...TEXT,
      })),
    }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, description]) => [
        status,
        { description, ...(status !== '302' && { content: { [type]: {} } }) },
      ]),
    ),
  },
]

const json = (described: JsonObject): JsonObject => ({ 'application/json': { schema: described } })

const FILE = { type: 'string', format: 'binary' }
const FORM = { type: 'object', properties: { file: FILE }, required: ['file'] }

const files = (types: readonly string[]): JsonObject =>
  Object.fromEntries(
    types.map((type) => [type, { schema: type === 'multipart/form-data' ? FORM : FILE }]),
  )

function schema(source: v.GenericSchema, typeMode: 'input' | 'output' = 'output'): JsonObject {
  const { $schema: _, ...described } = toJsonSchema(source, {
    typeMode,
    errorMode: 'ignore',
    target: 'draft-2020-12',
  }) as JsonObject
  return described
}
