import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { erpVariables } from '../server/config/erp.ts'
import { mediaVariables } from '../server/config/media.ts'
import { miniProgramVariables } from '../server/config/mini-program.ts'
import { officialVariables } from '../server/config/official.ts'
import { policyVariables } from '../server/config/policy.ts'
import { processVariables } from '../server/config/process.ts'
import { wecomVariables } from '../server/config/wecom.ts'
import { toPhoneLines } from './doctor/paste.ts'

const root = path.resolve(import.meta.dirname, '..')
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8')

/** What customers, members and operators can read: the text of every source, tests apart. */
function readSources(): string {
  const wanted = (name: string): boolean =>
    /\.(?:ts|mjs|wxml|json)$/.test(name) && !/\.test\.ts$|node_modules/.test(name)
  return ['server', 'shared', 'miniprogram', 'scripts']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(wanted)
        .map((name) => read(path.join(folder, name))),
    )
    .join('\n')
}
const sources = readSources()
const quotesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(/「([^「」]+)」/g)].map(([, quote]) => quote!)),
]

test.each(['README.md', 'docs/connecting.md'])(
  'every text that %s quotes in 「」 is one that somebody can read',
  (name) => {
    const quotes = quotesOf(read(name))
    expect(quotes.length).toBeGreaterThan(3)
    expect(quotes.filter((quote) => !sources.includes(quote))).toEqual([])
  },
)

test("every log line of the operator's tables is one that the server writes", () => {
  const lines = read('docs/operations.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => line.split(' | ')[0]!.match(/`([^`]+)`/g) ?? [])
    .map((quoted) => quoted.slice(1, -1))
    .filter((line) => /^[a-zX][\w’' -]+ [\w’' ,:;-]+$/.test(line))
  expect(lines.length).toBeGreaterThan(20)
  expect(lines.filter((line) => !sources.includes(line))).toEqual([])
})

describe('.env.example', () => {
  const listed = [...read('.env.example').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name!)
  const OF_THE_SERVER = [
    processVariables,
    wecomVariables,
    miniProgramVariables,
    officialVariables,
    erpVariables,
    mediaVariables,
    policyVariables,
  ].flatMap(({ entries }) => Object.keys(entries))
  const OF_PROGRAMS = ['SANDBOX_PORT', 'MINIPROGRAM_API_BASE', 'MINIPROGRAM_UPLOAD_KEY']

  test('names every variable that is read, each once and none that is not', () => {
    expect(listed.toSorted()).toEqual([...OF_THE_SERVER, ...OF_PROGRAMS].toSorted())
  })
  test('says of each what it is, and gives none a value', () => {
    const lines = read('.env.example').split('\n')
    const bare = lines.filter(
      (line, at) => /^[A-Z0-9_]+=/.test(line) && !lines[at - 1]!.startsWith('# '),
    )
    expect(bare).toEqual([])
    expect(lines.filter((line) => /^[A-Z0-9_]+=./.test(line))).toEqual([])
  })
})

test('README leads to no fixed port: whoever has it may be somebody else', () => {
  expect(read('README.md')).not.toMatch(/(?:localhost|127\.0\.0\.1):\d/)
})

test('the steps of docs/connecting.md: each says what the doctor checks or why it cannot, and the doctor names steps that are there', () => {
  const [, ...steps] = read('docs/connecting.md').split(/^## (?=\d+ )/m)
  const setUp = steps.filter((step) => !/^(?:9|10) /.test(step)) // to try it, and to load orders
  expect(steps.map((step) => Number.parseInt(step, 10))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ])
  expect(setUp.filter((step) => !step.includes('- **doctor**'))).toEqual([])
  const named = toPhoneLines().flatMap((line) => /^ {2,3}(\d+) /.exec(line)?.[1] ?? [])
  expect(named.length).toBeGreaterThan(4)
  for (const step of named)
    expect(steps.find((one) => one.startsWith(`${step} `))).toContain('- **phone**')
})
