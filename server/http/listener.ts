import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Takes connections; answers the address to open. Rejects when the port is taken. */
export function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      resolve(
        `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${String((server.address() as AddressInfo).port)}`,
      )
    })
  })
}

const DRAIN_MS = 5_000

/** Answers requests under way; connections that stay open after that are cut. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
