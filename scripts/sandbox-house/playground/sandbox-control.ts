/** The control API of the platform sandbox (contracts.md), which plays the people of this world. Sandbox mode only. */
export type SandboxCall = { at: number; method: string; path: string; errcode: number }
export type SandboxDelivery = {
  door: string
  name: string
  at: number
  attempts: (number | string)[]
  outcome: string
}
export type Answer = { status: number; body: unknown }

const TIMEOUT_MS = 15_000

export function createSandboxControl(base: string) {
  const send = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${base}/_sandbox${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(method === 'POST' && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      }),
    })
    return { status: response.status, body: await response.json() }
  }
  const read = async <T>(path: string, otherwise: T): Promise<T> => {
    const { status, body } = await send('GET', path)
    return status === 200 ? (body as T) : otherwise
  }
  return {
    send,
    /** The last calls of our server, oldest first. */
    calls: () => read<SandboxCall[]>('/calls', []),
    /** What became of the last callbacks to our server. */
    deliveries: () => read<SandboxDelivery[]>('/callbacks', []),
  }
}
export type SandboxControl = ReturnType<typeof createSandboxControl>
