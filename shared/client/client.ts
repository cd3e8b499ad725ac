import type { Api } from './api.ts'

type Name = keyof Api
/** What a route asks for: `params` of its path, `query`, `body`, or a `file` as it is. */
type Asked<N extends Name> = Omit<Api[N], 'data' | 'code'>
type Given<N extends Name> =
  Record<never, never> extends Asked<N> ? [asked?: Asked<N>] : [asked: Asked<N>]

/** A refusal is a value: `code` is stable, `message` is for people. */
export type Reply<N extends Name> =
  | { ok: true; data: Api[N]['data']; message: string }
  | { ok: false; status: number; code: Api[N]['code']; message: string; requestId: string }

type Values = Record<string, string | number>
type Envelope = {
  data: unknown
  message: string
  error: { code: string }
  requestId: string
}

/**
 * Calls the API by the names of its routes: `await api('GET /api/admin/customers/{id}', { params: { id: 7 } })`.
 *
 * These two files need nothing else of ours: copy them into any program.
 */
export function createClient({ baseUrl, key }: { baseUrl: string; key?: string }) {
  return async <N extends Name>(name: N, ...[asked]: Given<N>): Promise<Reply<N>> => {
    const {
      params = {},
      query,
      body,
      file,
    } = (asked ?? {}) as {
      params?: Values
      query?: Values
      body?: unknown
      file?: string | Uint8Array
    }
    const [method = '', route = ''] = name.split(' ')
    const path = route.replace(/\{(\w+)\}/g, (_, one: string) =>
      encodeURIComponent(String(params[one])),
    )
    const response = await fetch(`${baseUrl}${path}${toQuery(query)}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(file !== undefined && { body: file }),
    })
    const { data, message, error, requestId } = (await response.json()) as Envelope
    return response.ok
      ? { ok: true, data: data as Api[N]['data'], message }
      : {
          ok: false,
          status: response.status,
          code: error.code as Api[N]['code'],
          message,
          requestId,
        }
  }
}

const toQuery = (query: Values | undefined): string =>
  query === undefined
    ? ''
    : `?${new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString()}`
