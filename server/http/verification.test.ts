import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createLog } from '../lib/log.ts'
import { createApp } from './app.ts'
import { createLimits } from './limits.ts'
import { close, listen } from './listener.ts'
import { createVerification } from './verification.ts'

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'verification-test-'))
const folder = path.join(dataDir, 'verify')
const put = (name: string, text = 'k3Jq9Zx0AbCdEf12'): void =>
  writeFileSync(path.join(folder, name), text)
const app = createApp({
  routes: [],
  platformRoutes: [],
  authenticate: { customer: async () => undefined } as never,
  limits: createLimits({ clock: () => new Date() }),
  log: createLog({ level: 'silent' }),
  plain: createVerification({ folder }).router,
  proxies: 0,
})
const handle = app.callback()
const server = createServer((asked, answer) => void handle(asked, answer))
beforeAll(async () => {
  mkdirSync(folder)
  await listen(server, 0, '127.0.0.1')
})
afterAll(async () => {
  await close(server)
  rmSync(dataDir, { recursive: true })
})

/** The path as it is: fetch would tidy it first. */
const ask = (
  name: string,
  method = 'GET',
): Promise<{ status: number; type: string; text: string }> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo
    request({ host: '127.0.0.1', port, path: name, method }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode!,
          type: answer.headers['content-type'] ?? '',
          text: Buffer.concat(parts).toString(),
        }),
      )
    })
      .on('error', reject)
      .end()
  })

test.each(['WW_verify_k3Jq9Zx0AbCdEf12.txt', 'MP_verify_k3Jq9Zx0AbCdEf12.txt', 'Ab3dE6gH9j.txt'])(
  '%s is answered as it lies there, at once, as plain text; HEAD without it',
  async (name) => {
    expect(await ask(`/${name}`)).toMatchObject({ status: 404 })
    put(name, 'k3Jq9Zx0AbCdEf12\n')
    expect(await ask(`/${name}`)).toEqual({
      status: 200,
      type: 'text/plain; charset=utf-8',
      text: 'k3Jq9Zx0AbCdEf12\n',
    })
    expect(await ask(`/${name}`, 'HEAD')).toMatchObject({ status: 200, text: '' })
    put(name, 'another')
    expect(await ask(`/${name}?x=1`)).toMatchObject({ status: 200, text: 'another' })
    expect(await ask(`/${name}`, 'POST')).toMatchObject({ status: 405 })
    expect(await ask(`/${name}`, 'DELETE')).toMatchObject({ status: 405 })
  },
)

test('nothing else is: no other name, nothing that climbs, no folder, no link, no large file', async () => {
  const secret = path.join(dataDir, 'secret12.txt')
  writeFileSync(secret, 'secret')
  writeFileSync(path.join(dataDir, 'secret.key'), 'secret')
  for (const name of [
    'secret.key',
    'robots.txt',
    '.hidden12.txt',
    'WW_verify_.txt',
    'a-b-c-d-e-f.txt',
  ])
    put(name, 'secret')
  mkdirSync(path.join(folder, 'folder12.txt'))
  symlinkSync(secret, path.join(folder, 'linked12.txt'))
  put('large1234.txt', 'x'.repeat(1_025))
  for (const name of [
    '/',
    '/verify/',
    '/secret.key',
    '/robots.txt',
    '/.hidden12.txt',
    '/WW_verify_.txt',
    '/a-b-c-d-e-f.txt',
    '/folder12.txt',
    '/linked12.txt',
    '/large1234.txt',
    '/../secret12.txt',
    '/%2e%2e/secret12.txt',
    '/%2e%2e%2fsecret12.txt',
    '/..%5csecret12.txt',
    '/verify/../../secret12.txt',
    `/${'x'.repeat(65)}.txt`,
  ]) {
    const answer = await ask(name)
    expect([name, answer.status]).toEqual([name, 404])
    expect(answer.text).not.toContain('secret1')
  }
})
