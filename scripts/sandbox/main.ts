import { join } from 'node:path'

import { createSandbox, type Sandbox } from './sandbox.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

function portFromEnv(): number {
  const port = Number(process.env['SANDBOX_PORT'] ?? '3900')
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  return giveUp(`SANDBOX_PORT is not a port: ${process.env['SANDBOX_PORT'] ?? ''}`)
}

function giveUp(reason: string): never {
  process.stderr.write(`sandbox: ${reason}\n`)
  process.exit(1)
}

async function start(port: number): Promise<Sandbox> {
  const base = process.env['SANDBOX_CALLBACK_BASE']
  try {
    return await createSandbox({
      port,
      dataDir: join(process.env['DATA_DIR'] ?? '.data', 'sandbox'),
      ...(base === undefined || base === '' ? {} : { callbackBase: base }),
      log: say,
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return giveUp(
      code === 'EADDRINUSE' ? `port ${port} is taken; set SANDBOX_PORT to another one` : message,
    )
  }
}

const sandbox = await start(portFromEnv())
let leaving = false
const leave = (): void => {
  if (leaving) return
  leaving = true
  void sandbox.stop().then(() => process.exit(0))
}
process.once('SIGTERM', leave)
process.once('SIGINT', leave)
// the parent died or let go: nobody would ever stop this process
if (process.channel) process.once('disconnect', leave)
say(`sandbox listening on ${sandbox.url}`)
