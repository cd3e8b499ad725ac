import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type Held = {
  /** Resolves when a call stands still at this point. */
  reached: Promise<void>
  /** Lets it go on. */
  release: () => void
  /** Cuts the connection of the caller instead. */
  drop: () => void
}
type Point = {
  path: string
  when: 'request' | 'answer'
  arrive: () => void
  verdict: Promise<'release' | 'drop'>
}
export type Gate = Awaited<ReturnType<typeof openGate>>

/**
 * A proxy between two sides, so that a test can hold one call at a point of its choice: before the other side has seen it
 * (`request`), or when the other side has done it and the caller does not know yet (`answer`).
 */
export async function openGate(target: () => string) {
  const points: Point[] = []
  const seen: string[] = []
  const server = createServer(
    (request, response) => void pass(request, response).catch(() => response.destroy()),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  async function stand(path: string, when: Point['when']): Promise<boolean> {
    const index = points.findIndex((point) => point.when === when && path.endsWith(point.path))
    if (index < 0) return true
    const [point] = points.splice(index, 1)
    point!.arrive()
    return (await point!.verdict) === 'release'
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url!, 'http://gate').pathname
    const body = await buffer(request)
    seen.push(path)
    if (!(await stand(path, 'request'))) return void response.destroy()
    const { method, headers } = request
    const kept = Object.fromEntries(
      ['content-type', 'authorization', 'user-agent']
        .filter((name) => name in headers)
        .map((name) => [name, String(headers[name])]),
    )
    const answer = await fetch(target() + request.url!, {
      method: method!,
      headers: kept,
      redirect: 'manual',
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    })
    const content = Buffer.from(await answer.arrayBuffer())
    if (!(await stand(path, 'answer'))) return void response.destroy()
    response
      .writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
      })
      .end(content)
  }

  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    /** Holds the next call whose path ends so. */
    hold: (path: string, when: Point['when']): Held => {
      let arrive!: () => void
      let decide!: (verdict: 'release' | 'drop') => void
      const reached = new Promise<void>((resolve) => {
        arrive = resolve
      })
      points.push({
        path,
        when,
        arrive,
        verdict: new Promise((resolve) => {
          decide = resolve
        }),
      })
      return { reached, release: () => decide('release'), drop: () => decide('drop') }
    },
    /** How many calls with such a path have come. */
    count: (path: string): number => seen.filter((one) => one.endsWith(path)).length,
  }
}
