import { connect, createServer } from 'node:net'
import { say, StartRefused, type Environment } from '../checkout/environment.ts'

/** How far the search for a free port goes. */
const REACH = 100

/**
 * The port that the variable names; without it the first free one from `usual` on.
 *
 * @throws StartRefused when the named port is taken or is no port.
 */
export async function choosePort(
  env: Environment,
  { variable, usual, host }: { variable: string; usual: number; host: string },
): Promise<number> {
  const named = env[variable]
  if (named !== undefined) return takeNamed(named, variable, host)
  for (let port = usual; port < usual + REACH; port += 1) {
    if (!(await isFree(port, host))) continue
    if (port !== usual) say(`port ${usual} is taken: using ${port} (set ${variable} to choose)`)
    return port
  }
  throw new StartRefused(`no free port from ${usual} to ${usual + REACH}: set ${variable}`)
}

async function takeNamed(named: string, variable: string, host: string): Promise<number> {
  const port = Number(named)
  if (!/^\d+$/.test(named) || port > 65_535)
    throw new StartRefused(`${variable} is "${named}", which is no port`)
  if (port === 0) return listenOnce(0, host)
  if (await isFree(port, host)) return port
  throw new StartRefused(
    `port ${port} is taken: set ${variable} to another one, or leave it out and the next free port is used`,
  )
}

async function isFree(port: number, host: string): Promise<boolean> {
  // macOS lets one listen on 127.0.0.1 beside a server on all addresses: ask whether somebody answers as well.
  if (await answers(port)) return false
  try {
    await listenOnce(port, host)
    return true
  } catch {
    return false
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Listens for a moment and gives the port, which for 0 is a free one. */
function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
