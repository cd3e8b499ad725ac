import { STATUS_CODES } from 'node:http'
import { CALLBACK_REFUSALS } from './callback-refusal.ts'
import { doorRefusals } from './callers.ts'
import { FAILURES, REQUEST, type Refusal } from './errors.ts'
import { TOO_MANY } from './limits.ts'
import { UNKNOWN_FIELD, type Route } from './route.ts'

type JsonObject = Record<string, unknown>

const ANYTIME = [REQUEST.mediaType, ...Object.values(FAILURES)]

/** What a route may refuse: what its handler names, what its door says, and what any request may meet. */
export function refusalsOf(route: Route): Refusal[] {
  const { body, query, params } = route.schemas
  return [
    ...route.refusals,
    ...doorRefusals(route),
    ...(body || query || params ? [REQUEST.invalid] : []),
    ...(body || query ? [UNKNOWN_FIELD] : []),
    ...(body ? [REQUEST.tooLarge] : []),
    TOO_MANY,
    ...ANYTIME,
  ]
}

/** What a platform may be told. */
export const callbackRefusals = (): Refusal[] => [
  ...Object.values(CALLBACK_REFUSALS),
  REQUEST.tooLarge,
  ...ANYTIME,
]

/** The responses of refusals by their status, each naming its codes. What several routes say alike stands in `shared`, once. */
export function createResponses() {
  const shared: Record<string, JsonObject> = {}
  const share = (status: number, refusals: readonly Refusal[]): JsonObject => {
    const name = [status, ...codesOf(refusals)].join('_')
    const response = respond(status, refusals)
    shared[name] ??= response
    return JSON.stringify(shared[name]) === JSON.stringify(response)
      ? { $ref: `#/components/responses/${name}` }
      : response
  }
  return {
    shared,
    of: (refusals: readonly Refusal[]): JsonObject =>
      Object.fromEntries(
        [...new Set(refusals.map(([status]) => status))].map((status) => [
          status,
          share(
            status,
            refusals.filter(([one]) => one === status),
          ),
        ]),
      ),
  }
}

const codesOf = (refusals: readonly Refusal[]): string[] => [
  ...new Set(refusals.map(([, code]) => code)),
]

/** The document's words for one status: each code with what people read. */
const respond = (status: number, refusals: readonly Refusal[]): JsonObject => ({
  description: [
    STATUS_CODES[status],
    ...new Set(refusals.map(([, code, message]) => `- \`${code}\` ${message}`)),
  ].join('\n'),
  ...(refusals.some(([, , , headers]) => headers?.['Retry-After']) || status === 429
    ? { headers: { 'Retry-After': { description: 'seconds', schema: { type: 'string' } } } }
    : {}),
  content: {
    'application/json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Error' },
          {
            type: 'object',
            properties: {
              error: { type: 'object', properties: { code: { enum: codesOf(refusals) } } },
            },
          },
        ],
      },
    },
  },
})
