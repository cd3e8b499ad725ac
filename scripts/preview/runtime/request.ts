/** wx.request and wx.uploadFile over fetch. */
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
const NO_FILE = 1300002

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
  const answered = await ask(url, { method, headers, ...body }, timeout)
  return { ...answered, data: parse(answered.data), cookies: [] }
}

type Upload = {
  url: string
  filePath: string
  name: string
  header?: Record<string, string>
  formData?: Record<string, string>
  timeout?: number
}

/** wx.uploadFile over fetch; `filePath` is an address that this page can read. The answer stays text, as on the platform. */
export async function uploadFile({
  url,
  filePath,
  name,
  header = {},
  formData = {},
  timeout = 60_000,
}: Upload): Promise<{ statusCode: number; data: string; header: Record<string, string> }> {
  const body = new FormData()
  for (const [field, value] of Object.entries(formData)) body.append(field, value)
  const file = await fetch(filePath).catch(() => {
    throw new RequestFailed("file doesn't exist", NO_FILE)
  })
  body.append(name, await file.blob(), filePath.split('/').at(-1))
  return ask(url, { method: 'POST', headers: header, body }, timeout)
}

async function ask(url: string, init: RequestInit, timeout: number) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeout) })
    return {
      statusCode: response.status,
      data: await response.text(),
      header: Object.fromEntries(response.headers),
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
