import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { readAnswer, type Answer } from './wire.rules.ts'

/** What was measured was not answered as it must be: its time would say nothing. */
export class BadAnswer extends Error {}

type Connection = { ask: (request: string) => Promise<Answer>; close: () => void }

/**
 * One keep-alive connection, one request at a time. On the socket itself: the generator shares the cores with what it
 * measures, and an HTTP client costs several times as much as its echo.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = await openSocket(port)
  let received: Buffer = Buffer.alloc(0)
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = readAnswer(received)
    if (answer === undefined) return
    received = received.subarray(answer.bytes)
    waiting?.resolve(answer)
  })
  const lost = (): void => waiting?.reject(new BadAnswer('the connection was cut'))
  socket.on('close', lost).on('error', lost)
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
}

export async function askOnce(port: number, request: string): Promise<Answer> {
  const connection = await openConnection(port)
  try {
    return requireOk(await connection.ask(request))
  } finally {
    connection.close()
  }
}

function requireOk(answer: Answer): Answer {
  if (answer.status !== 200)
    throw new BadAnswer(`answered ${answer.status}: ${answer.body.slice(0, 200)}`)
  return answer
}

export type Closed = {
  /** The connections are spread over these. */
  ports: readonly number[]
  connections: number
  /** The first fifth of it is not counted. */
  windowMs: number
  next: () => string
}

/**
 * Each connection asks again as soon as it is answered.
 *
 * @returns answers a second.
 * @throws BadAnswer when one is not 200.
 */
export async function loadClosed({ ports, connections, windowMs, next }: Closed): Promise<number> {
  const opened = await openMany(ports, connections)
  const from = performance.now() + windowMs / 5
  const until = from + (windowMs * 4) / 5
  let answered = 0
  const work = async ({ ask }: Connection): Promise<void> => {
    for (let now = performance.now(); now < until; now = performance.now()) {
      requireOk(await ask(next()))
      if (now >= from) answered += 1
    }
  }
  try {
    await Promise.all(opened.map(work))
    return (answered * 1_000) / (performance.now() - from)
  } finally {
    for (const { close } of opened) close()
  }
}

const WARM_WINDOW_MS = 500

/**
 * Asks so often before anything is counted: a process that has just started compiles what it runs, and that takes so many
 * calls rather than so much time. At most for `atMostMs`.
 */
export async function warmUp(
  load: Omit<Closed, 'windowMs'>,
  { requests, atMostMs }: { requests: number; atMostMs: number },
): Promise<void> {
  const isOver = timer(atMostMs)
  let asked = 0
  const next = (): string => {
    asked += 1
    return load.next()
  }
  while (asked < requests && !isOver())
    await loadClosed({ ...load, next, windowMs: WARM_WINDOW_MS })
}

export type Open = Omit<Closed, 'windowMs'> & { perSecond: number; isOver: () => boolean }

const TICK_MS = 1

/**
 * Asks at a rate of its own, whether answered or not; what finds no free connection waits for one.
 *
 * @returns ms from the instant at which each was due until its answer.
 * @throws BadAnswer when one is not 200.
 */
export async function loadOpen(load: Open): Promise<number[]> {
  const opened = await openMany(load.ports, load.connections)
  const free = [...opened]
  const due: number[] = []
  const latencies: number[] = []
  const failures: unknown[] = []
  const start = (): void => {
    for (let at = due[0]; at !== undefined && free.length > 0; at = due[0]) {
      due.shift()
      void answer(free.pop()!, at)
    }
  }
  const answer = async (connection: Connection, at: number): Promise<void> => {
    try {
      requireOk(await connection.ask(load.next()))
      latencies.push(performance.now() - at)
      free.push(connection)
      start()
    } catch (error) {
      failures.push(error)
    }
  }
  try {
    await pace(load, (at) => {
      due.push(at)
      start()
    })
    while (failures.length === 0 && (due.length > 0 || free.length < opened.length)) await sleep(5)
  } finally {
    for (const { close } of opened) close()
  }
  if (failures.length > 0) throw failures[0]
  return latencies
}

/** Calls `ask` with the instant at which each request is due. */
async function pace(
  { perSecond, isOver }: Pick<Open, 'perSecond' | 'isOver'>,
  ask: (dueAt: number) => void,
): Promise<void> {
  const began = performance.now()
  for (let asked = 0; !isOver(); await sleep(TICK_MS)) {
    const owed = Math.floor(((performance.now() - began) * perSecond) / 1_000)
    for (; asked < owed; asked += 1) ask(began + (asked * 1_000) / perSecond)
  }
}

const openMany = (ports: readonly number[], connections: number): Promise<Connection[]> =>
  Promise.all(
    Array.from({ length: connections }, (_, index) => openConnection(ports[index % ports.length]!)),
  )

/** Over after so many ms from now. */
export function timer(ms: number): () => boolean {
  const until = performance.now() + ms
  return () => performance.now() >= until
}
