import { expect, test } from '@jest/globals'
import * as v from 'valibot'
import { defineJob, handle, instant, word } from './job-kinds.ts'

const kinds = {
  greet: defineJob({
    name: 'test.greet',
    payload: v.object({ who: v.string(), at: instant, how: v.optional(word<'kindly'>()) }),
    lane: ({ who }) => `person:${who}`,
    once: ({ who }) => who,
    maxAttempts: 3,
  }),
  tidy: defineJob({ name: 'test.tidy', formerly: 'house.tidy', once: true }),
}
const AT = new Date('2026-03-01T10:00:00.500Z')
const stored = (payload: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(payload))

test('a definition says name, queue and key of each job that is made of it', () => {
  const runAt = new Date(0)
  expect(kinds.greet.of({ who: 'li', at: AT }, runAt)).toEqual({
    name: 'test.greet',
    payload: { who: 'li', at: AT },
    lane: 'person:li',
    key: 'test.greet:li',
    maxAttempts: 3,
    runAt,
  })
  expect(kinds.tidy.of()).toEqual({ name: 'test.tidy', payload: {}, key: 'test.tidy' })
})

test('what was stored comes back as it was given', () => {
  const { payload } = kinds.greet.of({ who: 'li', at: AT, how: 'kindly' })
  expect(kinds.greet.read(stored(payload))).toEqual({ who: 'li', at: AT, how: 'kindly' })
})

test.each([{}, { who: 1, at: AT }, { who: 'li', at: 'yesterday' }, { who: 'li', at: AT, how: 7 }])(
  'a payload that is none is refused before anything is done: %j',
  async (payload) => {
    let done = 0
    const [greet] = handle(kinds, {
      greet: () => Promise.resolve((done += 1)),
      tidy: () => Promise.resolve(),
    })
    await expect(
      greet!.handle(stored(payload), { attempt: 1, lastAttempt: false }),
    ).rejects.toThrow()
    expect(done).toBe(0)
  },
)

test('who does the jobs is told what the job says, and which try it is', async () => {
  const told: unknown[] = []
  const handled = handle(kinds, {
    greet: (payload, run) => Promise.resolve(told.push(payload, run)),
    tidy: () => Promise.resolve(),
  })
  expect(handled.map(({ name }) => name)).toEqual(['test.greet', 'test.tidy', 'house.tidy'])
  const run = { attempt: 2, lastAttempt: false }
  await handled[0]!.handle(stored({ who: 'li', at: AT, fact: 'more than it needs' }), run)
  expect(told).toEqual([{ who: 'li', at: AT }, run])
})
