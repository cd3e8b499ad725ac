export type Reply = { status: number; body: any; headers: Headers }

/** A small client for the front door: JSON in, status and JSON out, never a throw for a refusal. */
export function createHttp(base: string, defaults: () => Record<string, string> = () => ({})) {
  const send = async (
    method: string,
    path: string,
    options: { body?: unknown; token?: string | undefined; headers?: Record<string, string> } = {},
  ): Promise<Reply> => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...defaults(),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : parse(text),
    }
  }
  return {
    base,
    send,
    get: (path: string, token?: string) => send('GET', path, { token }),
    post: (path: string, body?: unknown, token?: string) => send('POST', path, { body, token }),
    put: (path: string, body?: unknown, token?: string) => send('PUT', path, { body, token }),
    delete: (path: string, token?: string, body?: unknown) => send('DELETE', path, { body, token }),
  }
}
export type Http = ReturnType<typeof createHttp>

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
