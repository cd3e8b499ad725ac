import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { close, listen } from '../http/listener.ts'
import { createAnswerWatch } from './answers.ts'

const PHONE = '13912345678'
const refused = (...codes: string[]) => ({
  content: {
    'application/json': {
      schema: { allOf: [{}, { properties: { error: { properties: { code: { enum: codes } } } } }] },
    },
  },
})
const document = {
  paths: {
    '/api/things/{id}': { get: { responses: { 200: {}, 404: refused('things.unknown') } } },
    '/api/things/mine': { get: { responses: { 200: {} } } },
  },
  components: { responses: {} },
}
const ANSWERS: Record<string, [status: number, body: string]> = {
  '/api/things/1': [200, '{"data":{}}'],
  '/api/things/2': [404, '{"error":{"code":"things.unknown"}}'],
  '/api/things/3': [404, '{"error":{"code":"things.lost"}}'],
  '/api/things/4': [409, '{"error":{"code":"things.unknown"}}'],
  '/api/elsewhere': [200, '{}'],
  '/api/nowhere': [404, '{"error":{"code":"request.unknown_route"}}'],
  '/api/things/plain': [200, `{"data":"${PHONE}"}`],
  '/api/things/spaced': [200, '{"data":"his number is +86 139-1234 5678."}'],
  '/api/things/others': [200, '{"data":"13911111111"}'],
  '/api/things/mine': [200, `{"data":"${PHONE}"}`],
}
const watch = createAnswerWatch({ 'GET /api/things/mine': 'it is his own' })
const server = createServer(({ url = '' }, response) => {
  const [status, body] = ANSWERS[url]!
  response.writeHead(status)
  response.write(body.slice(0, 20))
  response.end(body.slice(20))
})
beforeAll(async () => {
  const address = await listen(server, 0, '127.0.0.1')
  watch.begin(address)
  watch.notePhones(['x', [PHONE], 7, '1391234567'])
  for (const path of Object.keys(ANSWERS)) await fetch(address + path)
})
afterAll(async () => {
  watch.end()
  await close(server)
})

test('an answer that the document does not name is found, by its status and by its code', () => {
  expect(watch.findUnnamed(document)).toEqual([
    'GET /api/things/3 answers 404 things.lost',
    'GET /api/things/4 answers 409 things.unknown',
    'GET /api/elsewhere answers 200',
  ])
})

test('a phone is found however it is written, where none may be, and no other number', () => {
  expect(watch.findPhones(document)).toEqual([
    `GET /api/things/plain tells ${PHONE}`,
    `GET /api/things/spaced tells ${PHONE}`,
  ])
})
