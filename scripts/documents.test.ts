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

/** By what names the doctor prints what belongs to a step of docs/connecting.md; none: the step says why not. */
const CHECKS: Record<string, readonly string[]> = {
  '1': ['环境变量', '应用 Secret', '自建应用'],
  '2': ['客户联系权限', '客服 Secret', '微信客服权限'],
  '3': ['微信客服权限', '客服链接', '接待人员', '绑定用的客服账号'],
  '4': ['数据库', '表结构', '时钟', '公网地址', '图片存储'],
  '5': ['应用回调', '客服回调', '回调时间', '收到的事件'],
  '6': ['域名校验文件', '可信域名', '应用主页', '应用主页设置'],
  '7': ['小程序 AppSecret'],
  '8': ['企业微信', '微信客服', '小程序', 'unionid 是否一致'],
  '9': ['后台任务', '号码核实', '订单'],
  '10': ['订单', '上线时间'],
  '11': [],
  Notices: ['订阅消息模板', '小程序消息推送', '小程序消息推送回调'],
  The: ['公众号', '公众号 AppSecret', '公众号加解密', '公众号 unionid', '公众号回调'],
}
/** Steps whose list is not all there is to see: what the doctor cannot, they say too. */
const IN_PART = ['1', '3', '4', '5', '6', '7', '10', '11']

describe('the steps of docs/connecting.md', () => {
  const sections = read('docs/connecting.md').split(/^## /m).slice(1)
  const lineOf = (name: string): string =>
    sections
      .find((section) => section.startsWith(`${name} `))!
      .split('\n')
      .find((line) => line.startsWith('- **doctor**'))!

  const topics = [...sources.matchAll(/\['([^']+)', [`'"]/g)].map(([, zh]) => zh)

  test.each(Object.entries(CHECKS))('%s names its checks, which the doctor has', (name, checks) => {
    for (const check of checks) {
      expect(lineOf(name)).toContain(check)
      expect(topics).toContain(check)
    }
    if (checks.length === 0) expect(lineOf(name)).toContain('- **doctor**: nothing: ')
  })

  test.each(IN_PART)('%s says what the doctor cannot see', (name) =>
    expect(lineOf(name)).toMatch(/cannot|does not look|only a phone|only you/),
  )

  test('every section with a line of the doctor stands in the table', () => {
    const withLine = sections.filter((section) => section.includes('- **doctor**'))
    expect(withLine.map((section) => section.split(' ', 1)[0])).toEqual(Object.keys(CHECKS))
  })
})

test('the steps of docs/connecting.md are numbered, and the doctor names steps that are there', () => {
  const [, ...steps] = read('docs/connecting.md').split(/^## (?=\d+ )/m)
  expect(steps.map((step) => Number.parseInt(step, 10))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ])
  const named = toPhoneLines().flatMap((line) => /^ {2,3}(\d+) /.exec(line)?.[1] ?? [])
  expect(named.length).toBeGreaterThan(4)
  for (const step of named)
    expect(steps.find((one) => one.startsWith(`${step} `))).toContain('- **phone**')
})
