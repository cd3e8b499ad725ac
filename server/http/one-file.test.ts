import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { takeOneFile, type OneFile } from './one-file.ts'

const TYPE = 'multipart/form-data; boundary=line'
const MOST = 100_000
const part = (name: string, content: string, file = true): string =>
  `--line\r\nContent-Disposition: form-data; name="${name}"${file ? `; filename="a.jpg"\r\nContent-Type: image/jpeg` : ''}\r\n\r\n${content}\r\n`
const END = '--line--\r\n'

function* cut(text: string, size: number): Generator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const take = (text: string, { type = TYPE, size = 1_000 } = {}): Promise<OneFile> =>
  takeOneFile({ stream: Readable.from(cut(text, size)), type, charset: undefined }, MOST)
async function contentOf(taken: OneFile): Promise<string> {
  if (taken.kind === 'refused') throw new Error(taken.reason)
  const content = String(await taken.file.head(taken.file.size))
  await taken.file.close()
  return content
}

describe('the one file of a form', () => {
  test.each([1, 7, 1_000, 1_000_000])('comes as it was, in pieces of %d bytes', async (size) => {
    const content = 'a\r\n--lin\r\n'.repeat(200)
    expect(await contentOf(await take(part('file', content) + END, { size }))).toBe(content)
  })

  test('may be empty, have any name and something behind its end', async () => {
    expect(await contentOf(await take(part('file', '') + END))).toBe('')
    expect(await contentOf(await take(part('photo', 'x') + END))).toBe('x')
    expect(await contentOf(await take(`${part('file', 'x') + END}epilogue`))).toBe('x')
  })

  test('may have as many bytes as are allowed, and not one more', async () => {
    const most = 'x'.repeat(MOST)
    expect(await contentOf(await take(part('file', most) + END))).toBe(most)
    expect(await take(`${part('file', `${most}x`)}${END}`)).toEqual({
      kind: 'refused',
      reason: 'too_large',
    })
  })
})

describe('what is not one file in a form is refused', () => {
  test.each([
    ['two files', part('file', 'x') + part('file', 'y') + END],
    ['a file and a field', part('file', 'x') + part('note', 'y', false) + END],
    ['a field and a file', part('note', 'y', false) + part('file', 'x') + END],
    ['a field', part('file', 'x', false) + END],
    ['nothing', ''],
    ['an empty form', END],
    ['a file without an end', part('file', 'x')],
    ['a file that breaks off', part('file', 'x'.repeat(5_000)).slice(0, 3_000)],
    ['a heading that breaks off', part('file', 'x').slice(0, 30)],
    ['other words', 'hello'],
  ])('%s', async (_, text) => {
    expect(await take(text)).toEqual({ kind: 'refused', reason: 'multipart' })
  })

  test.each([
    '',
    'image/jpeg',
    'multipart/form-data',
    'multipart/form-dataset; boundary=line',
    'application/x-www-form-urlencoded',
    'multipart/mixed; boundary=line',
  ])('what calls itself %j', async (type) => {
    expect(await take(part('file', 'x') + END, { type })).toEqual({
      kind: 'refused',
      reason: 'multipart',
    })
  })

  test('two large files that come at once', async () => {
    const large = part('file', 'x'.repeat(70_000))
    expect(await take(large + large + END, { size: 1_000_000 })).toEqual({
      kind: 'refused',
      reason: 'multipart',
    })
  })

  test('a form without end is not read to its end', async () => {
    let read = 0
    const endless = function* (): Generator<Buffer> {
      for (; read < 10_000; read += 1) yield Buffer.alloc(1_000, 'x')
    }
    const upload = { stream: Readable.from(endless()), type: TYPE, charset: undefined }
    expect(await takeOneFile(upload, MOST)).toEqual({ kind: 'refused', reason: 'too_large' })
    expect(read).toBeLessThan(1_000)
  })

  test('who hangs up in the middle leaves nothing', async () => {
    const half = function* (): Generator<Buffer> {
      yield Buffer.from(part('file', 'x'.repeat(100)).slice(0, -20))
      throw new Error('aborted')
    }
    const upload = { stream: Readable.from(half()), type: TYPE, charset: undefined }
    expect(await takeOneFile(upload, MOST)).toEqual({ kind: 'refused', reason: 'multipart' })
  })
})
