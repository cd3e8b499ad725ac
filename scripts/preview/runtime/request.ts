/** wx.request over fetch. */
type Wanted = {
  url: string
  method?: string
  data?: unknown
  header?: Record<string, string>
  timeout?: number
}
type Answered = {
  statusCode: number
  data: unknown
  header: Record<string, string>
  cookies: string[]
}

const TIMED_OUT = 5
const NO_NETWORK = 600001

/** Fails as the platform does: with an errno. */
export class RequestFailed extends Error {
  readonly errno: number
  constructor(message: string, errno: number) {
    super(message)
    this.errno = errno
  }
}

export async function request({
  url,
  method = 'GET',
  data,
  header = {},
  timeout = 60_000,
}: Wanted): Promise<Answered> {
  const body = method === 'GET' || data === undefined ? {} : { body: JSON.stringify(data) }
  const headers = 'body' in body ? { 'content-type': 'application/json', ...header } : header
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...body,
      signal: AbortSignal.timeout(timeout),
    })
    const text = await response.text()
    return {
      statusCode: response.status,
      data: parse(text),
      header: Object.fromEntries(response.headers),
      cookies: [],
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError')
      throw new RequestFailed('timeout', TIMED_OUT)
    throw new RequestFailed('fail', NO_NETWORK)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
