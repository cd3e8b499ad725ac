import { expect, test } from '@jest/globals'
import { gather } from './gather.ts'

/** Answers only when told to, and says what was asked together. */
function createDesk() {
  const asked: number[][] = []
  const answers: ((error?: Error) => void)[] = []
  const ask = (questions: readonly number[]): Promise<string[]> => {
    asked.push([...questions])
    return new Promise((resolve, reject) =>
      answers.push((error) => (error ? reject(error) : resolve(questions.map((n) => `no. ${n}`)))),
    )
  }
  return { asked, answers, ask }
}
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

test('a lone question goes at once, those of one moment go together, each gets its own answer', async () => {
  const { asked, answers, ask } = createDesk()
  const find = gather(ask)
  const lone = find(7)
  await turn()
  expect(asked).toEqual([[7]])
  answers[0]!()
  expect(await lone).toBe('no. 7')
  const two = [find(1), find(2)]
  await turn()
  expect(asked).toEqual([[7], [1, 2]])
  answers[1]!()
  expect(await Promise.all(two)).toEqual(['no. 1', 'no. 2'])
})

test('what is asked meanwhile waits for its turn and goes along with the next, never with what is under way', async () => {
  const { asked, answers, ask } = createDesk()
  const find = gather(ask)
  const first = find(1)
  await turn()
  const later = [find(1), find(3)]
  await turn()
  const last = find(4)
  await turn()
  expect(asked).toEqual([[1]])
  answers[0]!()
  await turn()
  expect(asked).toEqual([[1], [1, 3, 4]])
  answers[1]!()
  expect(await Promise.all([first, ...later, last])).toEqual(['no. 1', 'no. 1', 'no. 3', 'no. 4'])
})

test('a failure is that of those who asked together; the next ask anew', async () => {
  const { answers, ask } = createDesk()
  const find = gather(ask)
  const failing = Promise.allSettled([find(1), find(2)])
  await turn()
  answers[0]!(new Error('the database is away'))
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const next = find(1)
  await turn()
  answers[1]!()
  expect(await next).toBe('no. 1')
})

test('very many are asked in several parts', async () => {
  const sizes: number[] = []
  const find = gather(async (questions: readonly number[]) => {
    sizes.push(questions.length)
    return questions
  })
  const all = Array.from({ length: 450 }, (_, n) => n)
  expect(await Promise.all(all.map((n) => find(n)))).toEqual(all)
  expect(sizes).toEqual([200, 200, 50])
})

test('one that spoils the statement of all fails alone; nobody is answered when there are not as many answers as questions', async () => {
  const { answers, ask } = createDesk()
  const find = gather(ask)
  const asking = Promise.allSettled([find(1), find(2)])
  await turn()
  answers[0]!(Object.assign(new Error('invalid byte sequence'), { code: '22021' }))
  await turn()
  answers[1]!(Object.assign(new Error('invalid byte sequence'), { code: '22021' }))
  await turn()
  answers[2]!()
  expect((await asking).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  const short = gather((questions: readonly number[]) => Promise.resolve(questions.slice(1)))
  const left = await Promise.allSettled([short(1), short(2)])
  expect(left.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
