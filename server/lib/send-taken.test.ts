import { expect, test } from '@jest/globals'
import { OutsideError } from './http-client.ts'
import { sendTaken } from './send-taken.ts'

const about = { endpoint: 'POST /send', reason: 'no answer' }
const lost = new OutsideError('timeout', { ...about, sent: true })
const neverLeft = new OutsideError('network', { ...about, sent: false })
const bug = new TypeError('not of the wire')

async function sendThat(fails?: Error) {
  const done: string[] = []
  const sending = sendTaken({
    send: () => (fails ? Promise.reject(fails) : Promise.resolve('sent')),
    release: async () => void done.push('released'),
    doubt: () => void done.push('doubted'),
  })
  return { answer: await sending.catch((error: unknown) => error), done }
}

test.each([
  ['arrives: its answer is handed on', undefined, 'sent', []],
  ['may have arrived: it stays taken', lost, undefined, ['doubted']],
  ['certainly did not leave: it is given back', neverLeft, neverLeft, ['released']],
  ['fails by ourselves: it is given back', bug, bug, ['released']],
])('a message that %s', async (_, fails, answer, done) => {
  expect(await sendThat(fails)).toEqual({ answer, done })
})
