import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createCourier } from './callbacks/courier.ts'
import { createApp } from './app.ts'
import { createJournal } from './http/journal.ts'
import { createStage } from './world/stage.ts'
import { openStore } from './world/store.ts'

type SandboxOptions = {
  /** 0 = any free port */
  port: number
  /** the world is kept here as JSON; absent = memory only */
  dataDir?: string
  /** e.g. http://127.0.0.1:3000 */
  callbackBase?: string
  log?: (line: string) => void
}

export type Sandbox = {
  url: string
  port: number
  setCallbackBase(url: string): void
  /** resolves when no callback delivery, retries included, is in flight */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** WeChat and WeCom on 127.0.0.1, for `npm start` without credentials and for tests. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const log = options.log ?? (() => {})
  // the port first: a second sandbox must fail before it touches the world of the first
  const door = await openDoor(options.port)
  const { world, changed, flush } = await openStore(options.dataDir, log).catch(
    async (error: unknown) => {
      await close(door.server)
      throw error
    },
  )
  if (options.callbackBase !== undefined) world.settings.callbackBase = options.callbackBase
  const courier = createCourier(world, log)
  const stage = createStage(world, courier.ring)
  const app = createApp({ stage, courier, journal: createJournal(), changed, log })
  const { server, port } = door
  const handle = app.callback()
  door.serve((request, response) => void handle(request, response))
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await Promise.all([courier.stop(), close(server)])
    await flush()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    setCallbackBase: (url) => {
      world.settings.callbackBase = url
      changed()
    },
    idle: courier.idle,
    stop: () => (stopping ??= stop()),
  }
}

type Door = { server: Server; port: number; serve: (listener: RequestListener) => void }

/** Loopback only: the control API has no password. Requests that come before the world is loaded wait for it. */
async function openDoor(port: number): Promise<Door> {
  let serve: Door['serve'] = () => {}
  const ready = new Promise<RequestListener>((resolve) => (serve = resolve))
  const server = createServer((request, response) => {
    void ready.then((listener) => listener(request, response))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { server, port: (server.address() as AddressInfo).port, serve }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
